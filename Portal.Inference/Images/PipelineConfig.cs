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
        Require(index.RootElement, "_class_name", "ZImagePipeline");
        Require(scheduler.RootElement, "_class_name", "FlowMatchEulerDiscreteScheduler");
        if (scheduler.RootElement.TryGetProperty("use_dynamic_shifting", out var dynamic) && dynamic.ValueKind != JsonValueKind.False)
        {
            throw new InvalidDataException("use_dynamic_shifting is on; only a static shift is supported.");
        }

        var blocks = vae.RootElement.Get("block_out_channels", JsonValueKind.Array).GetArrayLength();
        var config = new PipelineConfig(
            ScalingFactor: (float)Positive(vae.RootElement, "scaling_factor"),
            ShiftFactor: vae.RootElement.Get("shift_factor", JsonValueKind.Number).GetSingle(),
            LatentChannels: vae.RootElement.GetCount("latent_channels", 1_024),
            Downscale: blocks is >= 1 and <= 8 ? 1 << (blocks - 1) : throw new InvalidDataException("block_out_channels must have 1 to 8 entries."),
            Patch: transformer.RootElement.GetCount("patch_size", 64),
            SizeNative: vae.RootElement.GetCount("sample_size", 8_192),
            ScheduleShift: Positive(scheduler.RootElement, "shift"),
            PromptTokensMax: (int)Math.Min(Positive(tokenizer.RootElement, "model_max_length"), 4_096));
        return config.SizeNative % (config.Downscale * config.Patch) == 0 && config.PromptTokensMax > 0
            ? config
            : throw new InvalidDataException("sample_size is not a multiple of the model's patches, or model_max_length is below 1.");
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
        var found = parent.GetText(key, "");
        if (found != value)
        {
            throw new InvalidDataException($"{key} is '{found}'; only {value} is supported.");
        }
    }

    private static double Positive(JsonElement parent, string key)
    {
        var value = parent.Get(key, JsonValueKind.Number).GetDouble();
        return value > 0 && double.IsFinite(value) ? value : throw new InvalidDataException($"{key} must be above 0.");
    }
}
