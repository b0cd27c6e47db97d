namespace Portal.Commands.Bench.Texts;

/// <param name="Engine"><c>portal</c>, <c>genai</c> or <c>both</c>.</param>
/// <param name="Folder">A text model's folder; null: the shipped one.</param>
/// <param name="Streams">Answers at once.</param>
/// <param name="Tokens">Output tokens of an answer at most.</param>
/// <param name="Seconds">How long an engine is measured in each of the rounds; what was begun is ended.</param>
public sealed record TextBenchOptions(string Engine, string? Folder, int Streams, int Tokens, int Seconds)
{
    private const int StreamsMax = 256;

    /// <returns>Null when an option is none or out of its range.</returns>
    public static TextBenchOptions? Read(IConfiguration configuration)
    {
        var engine = configuration["engine"] ?? "both";
        var streams = Number(configuration["streams"], 8, StreamsMax);
        var tokens = Number(configuration["tokens"], 64, 100_000);
        var seconds = Number(configuration["seconds"], 3, 3600);
        return engine is "portal" or "genai" or "both" && streams is { } s && tokens is { } t && seconds is { } d ? new(engine, configuration["model"], s, t, d) : null;
    }

    private static int? Number(string? text, int otherwise, int max) =>
        text is null ? otherwise : int.TryParse(text, out var number) && number >= 1 && number <= max ? number : null;
}
