namespace Portal;

/// <summary>What people type, as every database takes it and every page shows it.</summary>
public static class PlainText
{
    /// <returns>The text with one kind of line end, without other control characters, without halves of characters, and without blanks around it.</returns>
    public static string Of(string typed)
    {
        var text = typed.ReplaceLineEndings("\n");
        return string.Concat(text.Where((c, at) => c == '\n' || (!char.IsControl(c) && !IsHalf(text, at)))).Trim();
    }

    private static bool IsHalf(string text, int at) =>
        char.IsHighSurrogate(text[at]) ? at + 1 == text.Length || !char.IsLowSurrogate(text[at + 1]) : char.IsLowSurrogate(text[at]) && (at == 0 || !char.IsHighSurrogate(text[at - 1]));
}
