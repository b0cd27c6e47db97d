using System.Text.Json;
using Portal.Inference.Text;

namespace Portal.Tests.Inference.Text;

/// <summary>One of the reference cases in the guide model's golden.json.</summary>
internal sealed record GuideGolden(string User, string Prompt, int[] IdsIn, int[] IdsOut, string Text)
{
    private static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static IReadOnlyList<GuideGolden> All { get; } =
        JsonSerializer.Deserialize<List<GuideGolden>>(File.ReadAllText(Path.Combine(ShippedModels.Guide, "golden.json")), SnakeCase)!;

    public IReadOnlyList<ChatMessage> Messages => [new("user", User)];

    public TextRequest Request => new(Messages, 512);
}
