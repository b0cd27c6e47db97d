using System.Globalization;
using Portal.Prompts.Requests;

namespace Portal.Prompts.Api;

/// <summary>The body of <c>POST /v1/images/generations</c>. Beyond OpenAI's fields: the last five.</summary>
/// <param name="Size"><c>WIDTHxHEIGHT</c> in pixels; null or <c>auto</c>: the model's default.</param>
/// <param name="ResponseFormat"><c>b64_json</c>; pictures are not kept, so there are no addresses of them.</param>
public sealed record ImageGenerationRequest(string? Model, string? Prompt, int? N, string? Size, string? ResponseFormat, int? Steps, int? Seed,
    float? GuidanceScale = null, string? NegativePrompt = null, string? Priority = null)
{
    public Outcome<ImagePrompt> ToPrompt(Guid id)
    {
        if (string.IsNullOrEmpty(Model))
        {
            return new Refusal("api.missing", "model");
        }

        if (Prompt is null)
        {
            return new Refusal("api.missing", "prompt");
        }

        if (ResponseFormat is not (null or "b64_json"))
        {
            return new Refusal("api.unsupported", "response_format");
        }

        if (!PriorityField.IsKnown(Priority))
        {
            return new Refusal("api.unsupported", "priority");
        }

        var prompt = new ImagePrompt(id, Model, Prompt, Steps: Steps, Seed: Seed, Count: N ?? 1)
        {
            Priority = PriorityField.Read(Priority), Guidance = GuidanceScale ?? 0, NegativeText = NegativePrompt ?? "",
        };
        if (Size is null or "auto")
        {
            return prompt;
        }

        return Size.Split('x') is [var w, var h] && Pixels(w) is { } width && Pixels(h) is { } height
            ? prompt with { Width = width, Height = height }
            : new Refusal("api.unsupported", "size");
    }

    private static int? Pixels(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var pixels) ? pixels : null;
}
