namespace Portal.Billing.Points;

/// <summary>The section <c>Points</c> of the configuration: what customers collect and what they get for it.</summary>
public sealed class PointsOptions
{
    public const string Section = "Points";

    /// <summary>Not said: in Development alone.</summary>
    public bool? Enabled { get; set; }

    /// <summary>For looking in, once a day; 0: none.</summary>
    public int CheckIn { get; set; } = 5;

    /// <summary>For what is done once, by a key of <see cref="PointTasks"/>; 0: none.</summary>
    public Dictionary<string, int> Tasks { get; } = new(StringComparer.Ordinal)
    {
        [PointTasks.FirstTopUp] = 100, [PointTasks.FirstPrompt] = 50, [PointTasks.FirstApiKey] = 50, [PointTasks.Education] = 200,
    };

    /// <summary>The first top-up counts when it is this old: keep it no shorter than customers may refund a payment themselves.</summary>
    public int TopUpKeptDays { get; set; } = 14;

    /// <summary>How many points are worth one yuan of credit.</summary>
    public int PerYuan { get; set; } = 100;

    /// <summary>The fewest that can be redeemed at once.</summary>
    public int RedeemMin { get; set; } = 100;

    /// <summary>From its redemption until the credit expires.</summary>
    public int CreditDays { get; set; } = 90;
}
