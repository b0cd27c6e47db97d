using Microsoft.Extensions.Options;
using Portal.Inference.Onnx;

namespace Portal.Inference;

/// <summary>Every mistake at once, each naming its key.</summary>
internal sealed class InferenceOptionsValidation : IValidateOptions<InferenceOptions>
{
    public ValidateOptionsResult Validate(string? name, InferenceOptions options)
    {
        var mistakes = new List<string>();
        RequireRange(nameof(options.QueueMax), options.QueueMax, 1, 10_000);
        RequireRange(nameof(options.AgeingSeconds), options.AgeingSeconds, 0, 3_600);
        RequireRange(nameof(options.Slots), options.Slots, 1, 256);
        RequireRange(nameof(options.PicturesTogether), options.PicturesTogether, 1, 64);
        RequireRange(nameof(options.StepMilliseconds), options.StepMilliseconds, 1, 60_000);
        RequireRange(nameof(options.Threads), options.Threads, 1, 1_024);
        if (options.ModelDirectories.Any(string.IsNullOrWhiteSpace))
        {
            mistakes.Add($"{Key(nameof(options.ModelDirectories))} has an empty entry.");
        }

        if (options.Device == InferenceDevice.Cuda && OnnxSessions.CudaMissing() is { } reason)
        {
            mistakes.Add($"{Key(nameof(options.Device))} is Cuda, which cannot be used here: {reason}. Install it, or set Auto or Cpu.");
        }

        return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);

        void RequireRange(string key, int value, int min, int max)
        {
            if (value < min || value > max)
            {
                mistakes.Add($"{Key(key)} is {value}; it must be from {min} to {max}.");
            }
        }
    }

    private static string Key(string name) => $"{InferenceOptions.Section}:{name}";
}
