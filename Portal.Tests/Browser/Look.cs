namespace Portal.Tests.Browser;

/// <summary>How a visitor's browser is set up: the language it asks for, whether it prefers dark, and the width of its window in CSS pixels.</summary>
public sealed record Look(string Language = "en", bool Dark = false, int Width = Look.Desktop)
{
    public const int Desktop = 1440;
    public const int Phone = 390;

    /// <summary>The other theme at the other width, in the same language: what a window can change into while its page stays.</summary>
    public Look Opposite => this with { Dark = !Dark, Width = Width == Phone ? Desktop : Phone };

    public int Height => Width == Phone ? 844 : 900;

    /// <summary>As it appears in the names of tests and screenshots: `en.light.1440`.</summary>
    public override string ToString() => $"{Language}.{(Dark ? "dark" : "light")}.{Width}";
}
