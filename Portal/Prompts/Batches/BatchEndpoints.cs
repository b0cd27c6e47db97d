namespace Portal.Prompts.Batches;

/// <summary>Where the lines of a batch can go.</summary>
public static class BatchEndpoints
{
    public const string Chat = "/v1/chat/completions";
    public const string Completions = "/v1/completions";
    public const string Images = "/v1/images/generations";

    public static IReadOnlyList<string> All { get; } = [Chat, Completions, Images];
}
