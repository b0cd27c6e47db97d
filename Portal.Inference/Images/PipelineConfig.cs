using System.Text.Json;
using Portal.Inference.Onnx;

namespace Portal.Inference.Images;

/// <summary>What the engine needs of the JSON files of a text-to-image folder, as diffusers writes them.</summary>
internal sealed record PipelineConfig(
    float ScalingFactor, float ShiftFactor, int LatentChannels, int Downscale, int Patch, int SizeNative, double ScheduleShift, int PromptTokensMax)
{
    /// <summary>Steps that Z-Image-Turbo, whose conventions these are, is made for.</summary>
    private const int StepsDefault = 9;
    private const int StepsMax = 50;

    /// <summary>From half to twice the native size: beyond it a picture costs much and shows little.</summary>
    public ImageLimits Limits => new(
        SizeMin: Aligned(SizeNative / 2), SizeMax: Aligned(SizeNative * 2), SizeMultiple: Downscale * Patch, SizeDefault: SizeNative, StepsMax, StepsDefault);

    /// <exception cref="InvalidDataException">A file is missing or incomplete, or describes a pipeline that is not supported.</exception>
    public static PipelineConfig Read(string folder)
    {
        using var index = ModelFiles.ReadJson(folder, ModelFolder.ImageFile);
        using var scheduler = ModelFiles.ReadJson(folder, "scheduler/scheduler_config.json");
        using var vae = ModelFiles.ReadJson(folder, "vae/config.json");
        using var transformer = ModelFiles.ReadJson(folder, "transformer/config.json");
        using var tokenizer = ModelFiles.ReadJson(folder, "tokenizer/tokenizer_config.json");
        try
        {
            Require(index.RootElement, "_class_name", "ZImagePipeline");
            Require(scheduler.RootElement, "_class_name", "FlowMatchEulerDiscreteScheduler");
            Require(scheduler.RootElement, "use_dynamic_shifting", "False");
            var config = new PipelineConfig(
                ScalingFactor: vae.RootElement.GetProperty("scaling_factor").GetSingle(),
                ShiftFactor: vae.RootElement.GetProperty("shift_factor").GetSingle(),
                LatentChannels: Number(vae.RootElement, "latent_channels", 1_024),
                Downscale: 1 << (vae.RootElement.GetProperty("block_out_channels").GetArrayLength() - 1),
                Patch: Number(transformer.RootElement, "patch_size", 64),
                SizeNative: Number(vae.RootElement, "sample_size", 8_192),
                ScheduleShift: scheduler.RootElement.GetProperty("shift").GetDouble(),
                PromptTokensMax: (int)Math.Min(tokenizer.RootElement.GetProperty("model_max_length").GetDouble(), 4_096));
            return config.ScalingFactor != 0 && config.ScheduleShift > 0 && config.PromptTokensMax > 0 && config.SizeNative % (config.Downscale * config.Patch) == 0
                ? config
                : throw new InvalidDataException("The folder's configuration has a factor of zero or a native size that its patches do not divide.");
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"The folder's configuration is incomplete: {e.Message}", e);
        }
    }

    /// <summary>
    /// The noise levels of the flow-match Euler schedule, from 1 to 0: one more than steps. The last two are both 0 when there are two steps or
    /// more, so the last step changes nothing.
    /// </summary>
    public double[] Sigmas(int steps)
    {
        var sigmas = new double[steps + 1];
        for (var i = 0; i < steps; i++)
        {
            var level = steps == 1 ? 1 : 1 - i / (steps - 1.0);
            sigmas[i] = ScheduleShift * level / (1 + (ScheduleShift - 1) * level);
        }

        return sigmas;
    }

    private int Aligned(int pixels) => Math.Max(pixels / (Downscale * Patch), 1) * Downscale * Patch;

    private static void Require(JsonElement parent, string key, string value)
    {
        var found = parent.GetProperty(key).ToString();
        if (found != value)
        {
            throw new InvalidDataException($"{key} is {found}; only {value} is supported.");
        }
    }

    private static int Number(JsonElement parent, string key, int max) =>
        parent.GetProperty(key).TryGetInt32(out var value) && value >= 1 && value <= max
            ? value
            : throw new InvalidDataException($"{key} must be a whole number from 1 to {max}.");
}
