namespace Portal.Prompts.Requests;

/// <summary>Which class of model answers a request that leaves the choice to the portal.</summary>
public enum Priority
{
    /// <summary>The flagship.</summary>
    High,

    /// <summary>The version before it, at its price factor.</summary>
    Normal,

    /// <summary>The light model, in the lane of batches, at its price factor.</summary>
    Batch,
}
