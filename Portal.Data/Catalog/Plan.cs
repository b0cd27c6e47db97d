namespace Portal.Data.Catalog;

public enum DedicatedCapacity
{
    None = 0,
    Optional = 1,
    Included = 2,
}

/// <summary>What can be subscribed to. A published version never changes; an edit is a new version.</summary>
public sealed class Plan
{
    public int Id { get; set; }

    public required string Key { get; set; }

    public int Version { get; set; }

    public required string NameEn { get; set; }

    public required string NameZh { get; set; }

    /// <summary>Nanos a period.</summary>
    public long PriceNanos { get; set; }

    /// <summary>Length of a period in calendar months.</summary>
    public int PeriodMonths { get; set; } = 1;

    public Unit IncludedUnit { get; set; }

    /// <summary>Units a period; of an unlimited plan the fair-use cap.</summary>
    public long IncludedUnits { get; set; }

    public bool Unlimited { get; set; }

    /// <summary>Nanos a standard image beyond the included ones; null: the pay-per-use rate.</summary>
    public long? OverageNanos { get; set; }

    /// <summary>Prompts at the same time; null: no limit of the plan's own.</summary>
    public int? MaxConcurrent { get; set; }

    /// <summary>Nanos a period for each thousand tokens that are added to the included ones; null: none can be.</summary>
    public long? ExtraThousandTokensNanos { get; set; }

    /// <summary>Nanos a period for each prompt more at the same time; null: none can be added.</summary>
    public long? ExtraConcurrentNanos { get; set; }

    public DedicatedCapacity Dedicated { get; set; }

    /// <summary>For organisations that teach.</summary>
    public bool Education { get; set; }

    public string? SupportLevel { get; set; }

    public int? SupportResponseMinutes { get; set; }

    /// <summary>Feature keys; their words are resources.</summary>
    public List<string> Features { get; set; } = [];

    /// <summary>Days that a first-time customer may try it for nothing; 0: it has no trial.</summary>
    public int TrialDays { get; set; }

    public int SortOrder { get; set; }

    public DateTimeOffset PublishedAt { get; set; }

    public DateTimeOffset? RetiredAt { get; set; }
}
