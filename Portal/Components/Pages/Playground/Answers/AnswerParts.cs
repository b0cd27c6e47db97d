namespace Portal.Components.Pages.Playground.Answers;

/// <summary>Plain text and fenced code of an answer. Nothing of it is ever markup.</summary>
public static class AnswerParts
{
    private const string Fence = "```";

    // What is longer is drawn in pieces, so that a growing answer sends its last piece alone.
    private const int PieceLength = 400;

    /// <summary>A fence that is not closed yet is code to the end.</summary>
    public static List<AnswerPart> Split(string text)
    {
        var parts = new List<AnswerPart>();
        var (start, code, language) = (0, false, "");
        for (var at = 0; at < text.Length;)
        {
            var end = text.IndexOf('\n', at);
            var next = end < 0 ? text.Length : end + 1;
            var line = text.AsSpan(at, (end < 0 ? text.Length : end) - at).Trim();
            if (line.StartsWith(Fence, StringComparison.Ordinal) && (!code || line.Length == Fence.Length))
            {
                Add(parts, code, language, text[start..at]);
                (start, code, language) = (next, !code, code ? "" : line[Fence.Length..].Trim().ToString());
            }

            at = next;
        }

        Add(parts, code, language, text[start..]);
        return parts;
    }

    /// <summary>The same pieces however much text follows, none ending within a character.</summary>
    public static IEnumerable<string> Pieces(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = Math.Min(text.Length, start + PieceLength);
            if (end < text.Length && char.IsHighSurrogate(text[end - 1])) end++;
            yield return text[start..end];
            start = end;
        }
    }

    private static void Add(List<AnswerPart> parts, bool code, string language, string text)
    {
        var shown = code ? text.TrimEnd('\n') : text.Trim('\n');
        if (shown.Length > 0) parts.Add(new AnswerPart(code, language, shown));
    }
}

/// <param name="Language">As the model named it after the fence; may be empty.</param>
public sealed record AnswerPart(bool Code, string Language, string Text);
