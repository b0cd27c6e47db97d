using System.Runtime.InteropServices;
using System.Text;

namespace Portal.Inference.Onnx;

/// <summary>Turns tokens back into text, one at a time. A character that is spread over several tokens appears with the last of them.</summary>
internal sealed unsafe class TextStream : IDisposable
{
    private const int CharsOnStack = 128;

    private readonly TokenizerObject tokenizer;
    private readonly TokenizerObject cache;
    private readonly Decoder utf8 = Encoding.UTF8.GetDecoder();

    public TextStream(TokenizerObject tokenizer)
    {
        this.tokenizer = tokenizer;
        Tokenizer.Check(TokenizerLibrary.Create(TokenizerLibrary.DetokenizerCacheKind, out cache));
    }

    /// <summary>The characters completed by this token; often none in the middle of a Chinese character.</summary>
    public string Append(int token)
    {
        var bytes = Bytes(token);
        var most = Encoding.UTF8.GetMaxCharCount(bytes.Length);
        var chars = most <= CharsOnStack ? stackalloc char[CharsOnStack] : new char[most];
        return new string(chars[..utf8.GetChars(bytes, chars, flush: false)]);
    }

    /// <summary>The token's own bytes behind those before it; valid until the next call.</summary>
    public ReadOnlySpan<byte> Bytes(int token)
    {
        Tokenizer.Check(TokenizerLibrary.Detokenize(tokenizer, cache, (uint)token, out var text));
        return MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text);
    }

    public void Dispose() => cache.Dispose();
}
