namespace Portal.Commands.Bench;

/// <param name="Database"><c>sqlite</c>, or the connection string of a PostgreSQL server.</param>
/// <param name="Concurrency">Callers, each of which waits for its answer before it asks again.</param>
/// <param name="Seconds">How long the portal's own charges are measured, at the peak and at half of it.</param>
public sealed record ChargeBenchOptions(string Database, int Wallets, int Concurrency, int Seconds)
{
    public TimeSpan Span => TimeSpan.FromSeconds(Seconds);

    /// <returns>Null when a number is none or out of its range.</returns>
    public static ChargeBenchOptions? Read(IConfiguration configuration)
    {
        var wallets = Number(configuration["wallets"], 1000, 1_000_000);
        var concurrency = Number(configuration["concurrency"], 256, 10_000);
        var seconds = Number(configuration["seconds"], 10, 3600);
        return wallets is { } w && concurrency is { } c && seconds is { } s ? new ChargeBenchOptions(configuration["database"] ?? "sqlite", w, c, s) : null;
    }

    private static int? Number(string? text, int otherwise, int max) =>
        text is null ? otherwise : int.TryParse(text, out var number) && number >= 1 && number <= max ? number : null;
}
