using Portal.Components.Pages.Playground.Answers;

namespace Portal.Components.Pages.Playground.Compare;

/// <summary>Two requests that were sent together, and which answer was found better.</summary>
public sealed class Comparison(Compared a, Compared b)
{
    public Compared A => a;

    public Compared B => b;

    /// <summary>Null until somebody has judged. Remembered in the tab, and nowhere else.</summary>
    public Verdict? Verdict { get; set; }

    public bool Done => a.Answer.Done && b.Answer.Done;
}

/// <summary>One side of a comparison.</summary>
public sealed record Compared(string Prompt, Answer Answer);

public enum Verdict
{
    A,
    B,
    Even,
}
