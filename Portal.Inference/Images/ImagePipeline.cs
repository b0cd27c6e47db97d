using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;
using Portal.Inference.Onnx;

namespace Portal.Inference.Images;

/// <summary>
/// The graphs of a text-to-image folder: text encoder, diffusion transformer, decoder. For one thread. Signs and time are Z-Image's: the
/// transformer is told 1 - sigma and answers clean minus noise, and guidance adds to what the prompt asks for.
/// </summary>
internal sealed class ImagePipeline : IDisposable
{
    private readonly Tokenizer tokenizer;
    private readonly InferenceSession textEncoder;
    private readonly InferenceSession transformer;
    private readonly InferenceSession decoder;
    private readonly RunOptions runOptions = new();

    /// <exception cref="InvalidDataException">The folder is not a pipeline that can be run.</exception>
    public ImagePipeline(string folder, OnnxSessions sessions)
    {
        Config = PipelineConfig.Read(folder);
        var opened = new List<IDisposable>();
        try
        {
            opened.Add(tokenizer = new(Path.Combine(folder, "tokenizer")));
            opened.Add(textEncoder = sessions.Open(folder, "text_encoder/model.onnx"));
            opened.Add(transformer = sessions.Open(folder, "transformer/model.onnx"));
            opened.Add(decoder = sessions.Open(folder, "vae_decoder/model.onnx"));
        }
        catch
        {
            // Whatever it was goes on to the caller; the parts that are open already must not stay open.
            opened.ForEach(part => part.Dispose());
            throw;
        }
    }

    public PipelineConfig Config { get; }

    /// <summary>Token ids of a prompt, which may be more than the model reads; id 0 for an empty one.</summary>
    public int[] Encode(string prompt) => tokenizer.Encode(tokenizer.Plain(prompt)) is { Length: > 0 } ids ? ids : [0];

    /// <summary>Normal noise for a picture of this many pixels: <c>[1, channels, height / downscale, width / downscale]</c>.</summary>
    public float[] Noise(int width, int height, long? seed)
    {
        var random = new SeededRandom(seed);
        var noise = new float[Config.LatentChannels * (height / Config.Downscale) * (width / Config.Downscale)];
        for (var i = 0; i < noise.Length; i++)
        {
            noise[i] = random.NextNormal();
        }

        return noise;
    }

    /// <summary>Reads what a picture is to show.</summary>
    /// <param name="ids">Token ids, at least one.</param>
    public PromptFeatures Read(int[] ids)
    {
        using var idsValue = OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(ids, id => (long)id), [1, ids.Length]);
        using var mask = OrtValue.CreateTensorValueFromMemory(Ones(ids.Length), [1, ids.Length]);
        using var outputs = textEncoder.Run(runOptions, ["input_ids", "attention_mask"], [idsValue, mask], ["last_hidden_state"]);
        return new(outputs[0].GetTensorDataAsSpan<float>().ToArray(), ids.Length);
    }

    /// <summary>One Euler step of pictures of one size from a noise level to the next, in place. A guided one asks the transformer twice.</summary>
    /// <exception cref="InvalidDataException">The transformer gave something that is no number.</exception>
    public void Denoise(IReadOnlyList<Canvas> canvases, int width, int height, double sigma, double sigmaNext)
    {
        if (sigmaNext == sigma)
        {
            return;
        }

        var step = (float)(sigma - sigmaNext);
        List<(float[] Latents, PromptFeatures Prompt)> rows =
        [
            .. canvases.Select(canvas => (canvas.Latents, canvas.Prompt)),
            .. canvases.Where(canvas => canvas.Guided).Select(canvas => (canvas.Latents, canvas.Negative)),
        ];
        using var outputs = Transform(rows, width, height, (float)(1 - sigma));
        var cleanMinusNoise = outputs[0].GetTensorDataAsSpan<float>();
        CheckNumbers(cleanMinusNoise, "transformer");
        var size = canvases[0].Latents.Length;
        var negative = canvases.Count;
        for (var row = 0; row < canvases.Count; row++)
        {
            var towards = cleanMinusNoise.Slice(row * size, size);
            canvases[row].Move(step, towards, canvases[row].Guided ? cleanMinusNoise.Slice(negative++ * size, size) : towards);
        }
    }

    /// <summary>The picture <c>[3, height, width]</c>, from -1 to 1.</summary>
    /// <exception cref="InvalidDataException">The decoder gave something that is no number, as one of half precision does when it overflows.</exception>
    public float[] Decode(float[] latents, int width, int height)
    {
        var scaled = Array.ConvertAll(latents, latent => latent / Config.ScalingFactor + Config.ShiftFactor);
        using var latentsValue = OrtValue.CreateTensorValueFromMemory(scaled, LatentShape(1, width, height));
        using var outputs = decoder.Run(runOptions, ["latent_sample"], [latentsValue], ["sample"]);
        var picture = outputs[0].GetTensorDataAsSpan<float>();
        CheckNumbers(picture, "decoder");
        return picture.ToArray();
    }

    public void Dispose()
    {
        runOptions.Dispose();
        decoder.Dispose();
        transformer.Dispose();
        textEncoder.Dispose();
        tokenizer.Dispose();
    }

    /// <summary>The transformer's answer for each row. Shorter prompts are padded and masked, which changes nothing for them.</summary>
    private IDisposableReadOnlyCollection<OrtValue> Transform(List<(float[] Latents, PromptFeatures Prompt)> rows, int width, int height, float time)
    {
        var tokens = rows.Max(row => row.Prompt.Tokens);
        var depth = rows[0].Prompt.Values.Length / rows[0].Prompt.Tokens;
        var size = rows[0].Latents.Length;
        var latents = new float[rows.Count * size];
        var features = new float[rows.Count * tokens * depth];
        var mask = new long[rows.Count * tokens];
        var times = new float[rows.Count];
        Array.Fill(times, time);
        for (var row = 0; row < rows.Count; row++)
        {
            rows[row].Latents.CopyTo(latents, row * size);
            rows[row].Prompt.Values.CopyTo(features, row * tokens * depth);
            mask.AsSpan(row * tokens, rows[row].Prompt.Tokens).Fill(1);
        }

        using var latentsValue = OrtValue.CreateTensorValueFromMemory(latents, LatentShape(rows.Count, width, height));
        using var timesValue = OrtValue.CreateTensorValueFromMemory(times, [rows.Count]);
        using var featuresValue = OrtValue.CreateTensorValueFromMemory(features, [rows.Count, tokens, depth]);
        using var maskValue = OrtValue.CreateTensorValueFromMemory(mask, [rows.Count, tokens]);
        return transformer.Run(
            runOptions, ["hidden_states", "timestep", "encoder_hidden_states", "encoder_attention_mask"], [latentsValue, timesValue, featuresValue, maskValue], ["sample"]);
    }

    private static void CheckNumbers(ReadOnlySpan<float> answer, string part)
    {
        if (!float.IsFinite(TensorPrimitives.Sum(answer)))
        {
            throw new InvalidDataException($"The {part}'s answer is not made of numbers.");
        }
    }

    private long[] LatentShape(int batch, int width, int height) => [batch, Config.LatentChannels, height / Config.Downscale, width / Config.Downscale];

    private static long[] Ones(int count)
    {
        var mask = new long[count];
        Array.Fill(mask, 1);
        return mask;
    }
}
