using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Portal.Inference.Text;

namespace Portal.Inference.Onnx;

/// <summary>The tokenizer of a model folder (<c>tokenizer.json</c>, <c>tokenizer_config.json</c>). Safe for concurrent use.</summary>
internal sealed unsafe class Tokenizer : IDisposable
{
    private readonly TokenizerObject handle;
    private readonly SpecialStrings special;
    // The library does not promise that one tokenizer encodes on several threads at once.
    private readonly Lock encoding = new();

    /// <exception cref="InvalidDataException">The folder holds no usable tokenizer.</exception>
    public Tokenizer(string folder)
    {
        NativeEnvironment.Prepare();
        special = SpecialStrings.Read(folder);
        fixed (byte* addKey = "add_special_tokens\0"u8, skipKey = "skip_special_tokens\0"u8, no = "false\0"u8, yes = "true\0"u8)
        {
            byte** keys = stackalloc byte*[] { addKey, skipKey };
            byte** values = stackalloc byte*[] { no, yes };
            Check(TokenizerLibrary.CreateTokenizer(out handle, folder, keys, values, 2));
        }
    }

    /// <summary>Ids of a text as it stands: special strings in it become special tokens, none are added.</summary>
    public int[] Encode(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text + '\0');
        lock (encoding)
        {
            fixed (byte* start = utf8)
            {
                byte** texts = stackalloc byte*[] { start };
                Check(TokenizerLibrary.Tokenize(handle, texts, 1, out var ids));
                using (ids)
                {
                    Check(TokenizerLibrary.GetIds(ids, 0, out var items, out var length));
                    return new ReadOnlySpan<int>(items, checked((int)length)).ToArray();
                }
            }
        }
    }

    /// <summary>Text without anything that the tokenizer would take for more than text.</summary>
    public string Plain(string text) => special.Remove(text);

    /// <summary>The messages in the folder's chat template, up to where the assistant's answer begins. Contents are made <see cref="Plain"/>.</summary>
    public string FillTemplate(IReadOnlyList<ChatMessage> messages)
    {
        var json = JsonSerializer.Serialize(messages.Select(message => new { role = message.Role, content = Plain(message.Content) }));
        lock (encoding)
        {
            Check(TokenizerLibrary.ApplyChatTemplate(handle, null, json, null, out var result, addGenerationPrompt: 1, tokenize: 0));
            using (result)
            {
                Check(TokenizerLibrary.GetTensor(result, 0, out var tensor));
                using (tensor)
                {
                    Check(TokenizerLibrary.GetTensorData(tensor, out var data, null, null));
                    return Marshal.PtrToStringUTF8((nint)data) ?? "";
                }
            }
        }
    }

    public TextStream Stream() => new(handle);

    /// <summary>The bytes of one token in the middle of a text; special tokens have none.</summary>
    public byte[] Piece(int token)
    {
        using var stream = Stream();
        return stream.Bytes(token).ToArray();
    }

    public void Dispose() => handle.Dispose();

    internal static void Check(int error)
    {
        if (error != 0)
        {
            throw new InvalidDataException($"Tokenizer: {Marshal.PtrToStringUTF8((nint)TokenizerLibrary.GetLastErrorMessage())}");
        }
    }
}
