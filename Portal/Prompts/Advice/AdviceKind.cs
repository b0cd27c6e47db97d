namespace Portal.Prompts.Advice;

/// <summary>What to leave out of a prompt.</summary>
public enum AdviceKind
{
    /// <summary>Blanks and empty lines in a row.</summary>
    Blanks,

    /// <summary>Instructions that are given twice.</summary>
    RepeatedInstructions,

    /// <summary>What was said before the last <see cref="PromptTrims.TurnsKept"/> turns.</summary>
    OldTurns,
}
