using System.Runtime.InteropServices;

namespace Portal.Commands.Bench.Texts;

/// <summary>The C functions of onnxruntime-genai that generate, as <c>ort_genai_c.h</c> declares them. What returns a handle returns an error, 0 for none.</summary>
internal static unsafe partial class GenaiLibrary
{
    private const string Name = "onnxruntime-genai";

    [LibraryImport(Name, EntryPoint = "OgaCreateConfig", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint CreateConfig(string folder, out nint config);

    [LibraryImport(Name, EntryPoint = "OgaConfigOverlay", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint Overlay(nint config, string json);

    [LibraryImport(Name, EntryPoint = "OgaDestroyConfig")]
    public static partial void DestroyConfig(nint config);

    [LibraryImport(Name, EntryPoint = "OgaCreateModelFromConfig")]
    public static partial nint CreateModel(nint config, out nint model);

    [LibraryImport(Name, EntryPoint = "OgaDestroyModel")]
    public static partial void DestroyModel(nint model);

    [LibraryImport(Name, EntryPoint = "OgaCreateTokenizer")]
    public static partial nint CreateTokenizer(nint model, out nint tokenizer);

    [LibraryImport(Name, EntryPoint = "OgaDestroyTokenizer")]
    public static partial void DestroyTokenizer(nint tokenizer);

    [LibraryImport(Name, EntryPoint = "OgaTokenizerApplyChatTemplate", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint ApplyChatTemplate(nint tokenizer, string? template, string messagesJson, string? tools, [MarshalAs(UnmanagedType.I1)] bool addGenerationPrompt, out nint text);

    [LibraryImport(Name, EntryPoint = "OgaDestroyString")]
    public static partial void DestroyString(nint text);

    [LibraryImport(Name, EntryPoint = "OgaCreateSequences")]
    public static partial nint CreateSequences(out nint sequences);

    [LibraryImport(Name, EntryPoint = "OgaTokenizerEncode")]
    public static partial nint Encode(nint tokenizer, nint text, nint sequences);

    [LibraryImport(Name, EntryPoint = "OgaSequencesGetSequenceCount")]
    public static partial nuint SequenceLength(nint sequences, nuint index);

    [LibraryImport(Name, EntryPoint = "OgaSequencesGetSequenceData")]
    public static partial int* Sequence(nint sequences, nuint index);

    [LibraryImport(Name, EntryPoint = "OgaDestroySequences")]
    public static partial void DestroySequences(nint sequences);

    [LibraryImport(Name, EntryPoint = "OgaCreateGeneratorParams")]
    public static partial nint CreateParams(nint model, out nint parameters);

    [LibraryImport(Name, EntryPoint = "OgaGeneratorParamsSetSearchNumber", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint SetNumber(nint parameters, string name, double value);

    [LibraryImport(Name, EntryPoint = "OgaGeneratorParamsSetSearchBool", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint SetFlag(nint parameters, string name, [MarshalAs(UnmanagedType.I1)] bool value);

    [LibraryImport(Name, EntryPoint = "OgaDestroyGeneratorParams")]
    public static partial void DestroyParams(nint parameters);

    [LibraryImport(Name, EntryPoint = "OgaCreateGenerator")]
    public static partial nint CreateGenerator(nint model, nint parameters, out nint generator);

    [LibraryImport(Name, EntryPoint = "OgaDestroyGenerator")]
    public static partial void DestroyGenerator(nint generator);

    [LibraryImport(Name, EntryPoint = "OgaGenerator_AppendTokens")]
    public static partial nint AppendTokens(nint generator, int* tokens, nuint count);

    [LibraryImport(Name, EntryPoint = "OgaGenerator_GenerateNextToken")]
    public static partial nint GenerateNextToken(nint generator);

    [LibraryImport(Name, EntryPoint = "OgaGenerator_IsDone")]
    public static partial byte IsDone(nint generator);

    [LibraryImport(Name, EntryPoint = "OgaGenerator_GetNextTokens")]
    public static partial nint GetNextTokens(nint generator, out int* tokens, out nuint count);

    [LibraryImport(Name, EntryPoint = "OgaResultGetError")]
    public static partial nint GetError(nint result);

    [LibraryImport(Name, EntryPoint = "OgaDestroyResult")]
    public static partial void DestroyResult(nint result);
}
