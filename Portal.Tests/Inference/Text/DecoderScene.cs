using Portal.Inference;
using Portal.Inference.Onnx;
using Portal.Inference.Text;
using Portal.Inference.Text.Answers;
using Portal.Inference.Text.Engine;
using Portal.Tests.Benchmarks;

namespace Portal.Tests.Inference.Text;

/// <summary>A decoder on a graph made for the test, with the shipped tokenizer, and answers to prompts given as token ids.</summary>
internal sealed class DecoderScene : IDisposable
{
    private readonly TemporaryModels models = new();
    private readonly DecoderConfig config;
    private readonly Tokenizer tokenizer = new(ShippedModels.Guide);

    /// <param name="shape">The configuration's measures.</param>
    /// <param name="write">Writes the graph into a folder.</param>
    /// <param name="slots">Answers at once.</param>
    public DecoderScene(LlamaShape shape, Action<string> write, int slots = 4)
    {
        write(models.Directory);
        RandomModel.WriteConfig(models.Directory, shape);
        config = DecoderConfig.Read(models.Directory);
        Decoder = new(models.Directory, config, new OnnxSessions(new InferenceOptions { Device = InferenceDevice.Cpu }), slots);
        Batch = new("made", Decoder, TimeSpan.FromSeconds(1), TimeProvider.System);
    }

    public Decoder Decoder { get; }

    public DecodeBatch Batch { get; }

    public static DecoderScene Llama(LlamaShape shape, int slots = 4) => new(shape, folder => LlamaGraph.Write(folder, shape, seed: 7), slots);

    public Answer Begin(int[] prompt, int tokensMax = 20) => new(new([new("user", "")], tokensMax), prompt, config, tokenizer);

    /// <summary>The tokens of each prompt's answer, as they come when every answer joins as soon as there is room.</summary>
    public IReadOnlyList<int[]> Run(params (int[] Prompt, int TokensMax)[] requests)
    {
        var answers = requests.Select(request => Begin(request.Prompt, request.TokensMax)).ToList();
        foreach (var answer in answers)
        {
            while (Batch.Active == Decoder.Slots)
            {
                Batch.Step();
            }

            Batch.Add(answer);
        }

        RunToTheEnd();
        return [.. answers.Select(answer => answer.Output.ToArray())];
    }

    public void RunToTheEnd()
    {
        while (Batch.Active > 0)
        {
            Batch.Step();
        }
    }

    /// <summary>Why the answer failed; null when it ended well.</summary>
    public static Exception? FailureOf(Answer answer)
    {
        while (answer.Deltas.TryRead(out _))
        {
            // What was delivered before stays readable.
        }

        Assert.True(answer.Deltas.Completion.IsCompleted);
        return answer.Deltas.Completion.Exception?.InnerException;
    }

    public void Dispose()
    {
        Decoder.Dispose();
        tokenizer.Dispose();
        models.Dispose();
    }
}
