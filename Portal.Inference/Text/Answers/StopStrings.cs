namespace Portal.Inference.Text.Answers;

/// <summary>Holds text back while it could still turn out to be the beginning of a stop string.</summary>
internal sealed class StopStrings(IReadOnlyList<string> stops)
{
    private string held = "";

    /// <summary>True once a stop string was reached; nothing may be appended then.</summary>
    public bool Reached { get; private set; }

    /// <summary>What of the text so far may be shown and was not returned before.</summary>
    public string Append(string text)
    {
        if (stops.Count == 0)
        {
            return text;
        }

        var pending = held + text;
        var stop = stops.Select(stop => pending.IndexOf(stop, StringComparison.Ordinal)).Where(at => at >= 0).DefaultIfEmpty(-1).Min();
        Reached = stop >= 0;
        var shown = Reached ? stop : pending.Length - LongestBeginning(pending);
        held = Reached ? "" : pending[shown..];
        return pending[..shown];
    }

    /// <summary>What is held back, when the answer ended and no stop string can come any more.</summary>
    public string Rest()
    {
        var rest = held;
        held = "";
        return rest;
    }

    private int LongestBeginning(string text)
    {
        var longest = 0;
        foreach (var stop in stops)
        {
            for (var length = Math.Min(stop.Length - 1, text.Length); length > longest; length--)
            {
                if (text.EndsWith(stop[..length], StringComparison.Ordinal))
                {
                    longest = length;
                }
            }
        }

        return longest;
    }
}
