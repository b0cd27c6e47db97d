namespace Portal.Components.Layout.Preferences;

/// <summary>
/// How a person's browser wants the pages to look, from cookies that <c>wwwroot/js/shell.js</c> writes: known before
/// the first byte is rendered, so nothing flickers or jumps.
/// </summary>
/// <param name="Theme"><c>light</c>, <c>dark</c> or <c>system</c>.</param>
/// <param name="NavigationCollapsed">Whether the desktop navigation shows icons only.</param>
/// <param name="TimeZoneId">The browser's IANA time zone, null before its first page.</param>
public sealed record ViewPreferences(string Theme, bool NavigationCollapsed, string? TimeZoneId)
{
    public static ViewPreferences Of(HttpContext? context)
    {
        var cookies = context?.Request.Cookies;
        var theme = cookies?["theme"];
        return new ViewPreferences(
            theme is "light" or "dark" ? theme : "system",
            cookies?["nav"] == "collapsed",
            cookies?["tz"] is { Length: > 0 and < 64 } zone ? zone : null);
    }

    /// <summary>The media query under which the style sheet of <paramref name="sheet"/> (<c>light</c> or <c>dark</c>) applies.</summary>
    public string MediaOf(string sheet) =>
        Theme == "system" ? $"(prefers-color-scheme: {sheet})" : Theme == sheet ? "all" : "not all";
}
