namespace Portal.Billing.OnAccount;

/// <summary>The section <c>OnAccount</c> of the configuration: when what was used on account has to be paid.</summary>
public sealed class OnAccountOptions
{
    public const string Section = "OnAccount";

    /// <summary>From a month's statement until it is due.</summary>
    public int DueDays { get; set; } = 14;
}
