using Microsoft.ML.OnnxRuntime;
using Portal.Inference.Onnx;

namespace Portal.Inference.Images;

/// <summary>
/// The graphs of a text-to-image folder: text encoder, diffusion transformer, decoder. For one thread. Signs and time are Z-Image's: the
/// transformer is told 1 - sigma and answers clean minus noise; there is no guidance.
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

    /// <summary>Token ids of a prompt, cut at what the model reads; id 0 for an empty one.</summary>
    public int[] Encode(string prompt) => tokenizer.Encode(tokenizer.Plain(prompt)) is { Length: > 0 } ids ? ids[..Math.Min(ids.Length, Config.PromptTokensMax)] : [0];

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

    /// <summary>Draws a picture, or stops early.</summary>
    /// <param name="ids">The prompt's token ids.</param>
    /// <param name="noise">What <see cref="Noise"/> makes for this size.</param>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="steps">Steps of the schedule.</param>
    /// <param name="goOn">Called before each step with the number of steps done.</param>
    /// <returns>The picture <c>[3, height, width]</c>, from -1 to 1; null when <paramref name="goOn"/> said no.</returns>
    public float[]? Draw(int[] ids, float[] noise, int width, int height, int steps, Func<int, bool> goOn)
    {
        using var prompt = ReadPrompt(ids);
        var latents = noise.ToArray();
        var sigmas = Config.Sigmas(steps);
        for (var step = 0; step < steps; step++)
        {
            if (!goOn(step))
            {
                return null;
            }

            Denoise(latents, width, height, prompt, sigmas[step], sigmas[step + 1]);
        }

        return Decode(latents, width, height);
    }

    public void Dispose()
    {
        runOptions.Dispose();
        decoder.Dispose();
        transformer.Dispose();
        textEncoder.Dispose();
        tokenizer.Dispose();
    }

    /// <summary>What the picture is to show: <c>[1, tokens, features]</c>.</summary>
    private OrtValue ReadPrompt(int[] ids)
    {
        using var idsValue = OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(ids, id => (long)id), [1, ids.Length]);
        using var mask = Ones(ids.Length);
        using var outputs = textEncoder.Run(runOptions, ["input_ids", "attention_mask"], [idsValue, mask], ["last_hidden_state"]);
        var features = outputs[0];
        return OrtValue.CreateTensorValueFromMemory(features.GetTensorDataAsSpan<float>().ToArray(), features.GetTensorTypeAndShape().Shape);
    }

    /// <summary>One Euler step from a noise level to the next, in place.</summary>
    private void Denoise(float[] latents, int width, int height, OrtValue prompt, double sigma, double sigmaNext)
    {
        if (sigmaNext == sigma)
        {
            return;
        }

        using var latentsValue = OrtValue.CreateTensorValueFromMemory(latents, LatentShape(width, height));
        using var time = OrtValue.CreateTensorValueFromMemory(new[] { (float)(1 - sigma) }, [1]);
        using var mask = Ones((int)prompt.GetTensorTypeAndShape().Shape[1]);
        using var outputs = transformer.Run(
            runOptions, ["hidden_states", "timestep", "encoder_hidden_states", "encoder_attention_mask"], [latentsValue, time, prompt, mask], ["sample"]);
        var cleanMinusNoise = outputs[0].GetTensorDataAsSpan<float>();
        var step = (float)(sigma - sigmaNext);
        for (var i = 0; i < latents.Length; i++)
        {
            latents[i] += step * cleanMinusNoise[i];
        }
    }

    private float[] Decode(float[] latents, int width, int height)
    {
        var scaled = Array.ConvertAll(latents, latent => latent / Config.ScalingFactor + Config.ShiftFactor);
        using var latentsValue = OrtValue.CreateTensorValueFromMemory(scaled, LatentShape(width, height));
        using var outputs = decoder.Run(runOptions, ["latent_sample"], [latentsValue], ["sample"]);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }

    private long[] LatentShape(int width, int height) => [1, Config.LatentChannels, height / Config.Downscale, width / Config.Downscale];

    private static OrtValue Ones(int count)
    {
        var mask = new long[count];
        Array.Fill(mask, 1);
        return OrtValue.CreateTensorValueFromMemory(mask, [1, count]);
    }
}
