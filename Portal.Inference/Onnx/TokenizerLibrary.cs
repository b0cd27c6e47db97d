using System.Runtime.InteropServices;

[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]

namespace Portal.Inference.Onnx;

/// <summary>The C functions of ONNX Runtime Extensions' tokenizer, as <c>ortx_tokenizer.h</c> declares them. 0 means success.</summary>
internal static unsafe partial class TokenizerLibrary
{
    /// <summary>The kind of object that keeps the state of a detokenizing stream.</summary>
    public const int DetokenizerCacheKind = 0x778B;

    private const string Name = "onnxruntime-genai";

    [LibraryImport(Name, EntryPoint = "OrtxCreateTokenizerWithOptions", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int CreateTokenizer(out TokenizerObject tokenizer, string folder, byte** keys, byte** values, nuint count);

    [LibraryImport(Name, EntryPoint = "OrtxTokenize")]
    public static partial int Tokenize(TokenizerObject tokenizer, byte** texts, nuint count, out TokenizerObject ids);

    [LibraryImport(Name, EntryPoint = "OrtxTokenId2DArrayGetItem")]
    public static partial int GetIds(TokenizerObject ids, nuint index, out uint* items, out nuint length);

    [LibraryImport(Name, EntryPoint = "OrtxApplyChatTemplate", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ApplyChatTemplate(
        TokenizerObject tokenizer, string? template, string messagesJson, string? tools, out TokenizerObject result, byte addGenerationPrompt, byte tokenize);

    [LibraryImport(Name, EntryPoint = "OrtxTensorResultGetAt")]
    public static partial int GetTensor(TokenizerObject result, nuint index, out TokenizerObject tensor);

    [LibraryImport(Name, EntryPoint = "OrtxGetTensorData")]
    public static partial int GetTensorData(TokenizerObject tensor, out byte* data, long** shape, nuint* dimensions);

    [LibraryImport(Name, EntryPoint = "OrtxCreate")]
    public static partial int Create(int kind, out TokenizerObject created);

    [LibraryImport(Name, EntryPoint = "OrtxDetokenizeCached")]
    public static partial int Detokenize(TokenizerObject tokenizer, TokenizerObject cache, uint id, out byte* text);

    [LibraryImport(Name, EntryPoint = "OrtxGetLastErrorMessage")]
    public static partial byte* GetLastErrorMessage();

    [LibraryImport(Name, EntryPoint = "OrtxDisposeOnly")]
    public static partial int Dispose(nint handle);
}
