using System.Runtime.InteropServices;
using System.Text.Json;
using static Portal.Commands.Bench.Texts.GenaiLibrary;

namespace Portal.Commands.Bench.Texts;

/// <summary>onnxruntime-genai's own <c>Generator</c> on a model folder: what the portal's engine is measured against. One answer at a time, greedily.</summary>
internal sealed unsafe class GenaiEngine : IDisposable
{
    private readonly nint model;
    private readonly nint tokenizer;

    public GenaiEngine(string folder, int threads)
    {
        Check(CreateConfig(folder, out var config));
        try
        {
            var session = new { model = new { decoder = new { session_options = new { intra_op_num_threads = threads } } } };
            Check(Overlay(config, JsonSerializer.Serialize(session)));
            Check(CreateModel(config, out model));
            Check(CreateTokenizer(model, out tokenizer));
        }
        finally
        {
            DestroyConfig(config);
        }
    }

    /// <summary>The ids of a question in the folder's chat template.</summary>
    public int[] Encode(string question)
    {
        var messages = JsonSerializer.Serialize(new[] { new { role = "user", content = question } });
        Check(ApplyChatTemplate(tokenizer, null, messages, null, addGenerationPrompt: true, out var text));
        Check(CreateSequences(out var sequences));
        try
        {
            Check(GenaiLibrary.Encode(tokenizer, text, sequences));
            return new ReadOnlySpan<int>(Sequence(sequences, 0), checked((int)SequenceLength(sequences, 0))).ToArray();
        }
        finally
        {
            DestroySequences(sequences);
            DestroyString(text);
        }
    }

    /// <param name="prompt">From <see cref="Encode"/>.</param>
    /// <param name="tokensMax">Output tokens at most, the end of the turn included.</param>
    /// <param name="onFirst">Called when the first token is there.</param>
    public int[] Generate(int[] prompt, int tokensMax, Action? onFirst = null)
    {
        Check(CreateParams(model, out var parameters));
        nint generator = 0;
        try
        {
            Check(SetNumber(parameters, "max_length", prompt.Length + tokensMax));
            Check(SetFlag(parameters, "do_sample", false));
            Check(CreateGenerator(model, parameters, out generator));
            fixed (int* tokens = prompt)
            {
                Check(AppendTokens(generator, tokens, (nuint)prompt.Length));
            }

            var output = new List<int>(tokensMax);
            while (output.Count < tokensMax && IsDone(generator) == 0)
            {
                Check(GenerateNextToken(generator));
                Check(GetNextTokens(generator, out var next, out _));
                output.Add(*next);
                if (output.Count == 1)
                {
                    onFirst?.Invoke();
                }
            }

            return [.. output];
        }
        finally
        {
            DestroyGenerator(generator);
            DestroyParams(parameters);
        }
    }

    public void Dispose()
    {
        DestroyTokenizer(tokenizer);
        DestroyModel(model);
    }

    private static void Check(nint error)
    {
        if (error == 0)
        {
            return;
        }

        var message = Marshal.PtrToStringUTF8(GetError(error));
        DestroyResult(error);
        throw new InvalidOperationException($"onnxruntime-genai: {message}");
    }
}
