namespace Portal.Data.Prompts;

/// <summary>A name that requests may give instead of a model's. Of text and of pictures there may be one each.</summary>
public sealed class ModelAlias
{
    public Guid Id { get; set; }

    /// <summary>Which kind of model it names: tokens those of text, images those of pictures.</summary>
    public Unit Unit { get; set; }

    /// <summary>E.g. <c>flagship</c>.</summary>
    public required string Name { get; set; }

    /// <summary>The model's folder.</summary>
    public required string Model { get; set; }

    /// <summary>A model that a share of the requests tries out; null: none.</summary>
    public string? Canary { get; set; }

    /// <summary>From 1 to 99 of a hundred requests; 0 without a canary.</summary>
    public int CanaryPercent { get; set; }

    /// <summary>Counts the changes: an editor names the one that it changes, and figures belong to one.</summary>
    public int Version { get; set; }

    public DateTimeOffset ChangedAt { get; set; }

    /// <summary>The canary that was taken back last, and when and why: <c>errors</c> or <c>cost</c>. Null after any other change.</summary>
    public string? RolledBackModel { get; set; }

    public DateTimeOffset? RolledBackAt { get; set; }

    public string? RollbackReason { get; set; }
}
