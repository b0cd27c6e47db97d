namespace Portal.Tests.Browser;

/// <summary>How a visitor's browser is set up: the language it asks for, whether it prefers dark, and the width of its window in CSS pixels.</summary>
public sealed record Look(string Language = "en", bool Dark = false, int Width = Look.Desktop)
{
    public const int Desktop = 1440;
    public const int Phone = 390;

    /// <summary>What every page is looked at in: each language, theme and width with each of the others.</summary>
    public static IReadOnlyList<Look> All { get; } = [new(), new(Dark: true, Width: Phone), new("zh-CN", Width: Phone), new("zh-CN", Dark: true)];

    public int Height => Width == Phone ? 844 : 900;

    /// <summary>As it appears in the names of tests and screenshots: `en.light.1440`.</summary>
    public override string ToString() => $"{Language}.{(Dark ? "dark" : "light")}.{Width}";
}
