namespace Portal.Prompts.Answers;

/// <summary>How an answer ended.</summary>
public enum PromptFinish
{
    /// <summary>The model had said, or drawn, everything.</summary>
    Stop,

    /// <summary>The output tokens or the context were used up.</summary>
    Length,

    /// <summary>The caller stopped it, or went away, or the portal was stopped.</summary>
    Cancelled,

    /// <summary>It ran until its hold was about to expire.</summary>
    TimedOut,

    /// <summary>The model failed.</summary>
    Failed,
}
