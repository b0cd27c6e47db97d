namespace Portal.Data.Prompts;

/// <summary>How far a batch is; names and order are those of OpenAI's API.</summary>
public enum BatchStatus
{
    Validating = 0,
    Failed = 1,
    InProgress = 2,
    Finalizing = 3,
    Completed = 4,
    Expired = 5,
    Cancelling = 6,
    Cancelled = 7,
}
