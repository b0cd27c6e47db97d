namespace Portal.Catalog;

/// <summary>How a receipt names the alias that a request asked for: as a factor that changes nothing.</summary>
public static class AliasFactor
{
    private const string Prefix = "alias:";

    public static NamedFactor Of(string alias) => new(Prefix + alias, 1);

    /// <summary>The alias that a factor's name stands for; null when it is another factor.</summary>
    public static string? AliasOf(string factor) => factor.StartsWith(Prefix, StringComparison.Ordinal) ? factor[Prefix.Length..] : null;
}
