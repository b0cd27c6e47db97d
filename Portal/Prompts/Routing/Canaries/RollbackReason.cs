namespace Portal.Prompts.Routing.Canaries;

/// <summary>Why a canary is taken back.</summary>
public enum RollbackReason
{
    /// <summary>It fails more often than the model that it was to follow.</summary>
    Errors,

    /// <summary>What it delivers costs more a request.</summary>
    Cost,
}
