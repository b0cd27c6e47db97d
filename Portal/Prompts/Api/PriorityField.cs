using Portal.Prompts.Requests;

namespace Portal.Prompts.Api;

/// <summary>The field <c>priority</c> of a request: <c>high</c>, <c>normal</c>, <c>batch</c>, or left out.</summary>
internal static class PriorityField
{
    public static bool IsKnown(string? priority) => priority is null || Read(priority) is not null;

    public static Priority? Read(string? priority) => priority switch
    {
        "high" => Priority.High,
        "normal" => Priority.Normal,
        "batch" => Priority.Batch,
        _ => null,
    };
}
