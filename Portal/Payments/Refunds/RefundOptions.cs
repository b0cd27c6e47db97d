namespace Portal.Payments.Refunds;

/// <summary>The section <c>Refunds</c> of the configuration.</summary>
public sealed class RefundOptions
{
    public const string Section = "Refunds";

    /// <summary>What goes back of one payment or invoice beyond this needs a second person, in the currency's major unit. 0: every refund does.</summary>
    public decimal ApprovalAbove { get; set; } = 500;

    /// <summary>Days after which a refund that nobody decided about lapses, 1 to 60.</summary>
    public int ApprovalDays { get; set; } = 7;

    /// <summary>Days after a payment in which its customer can refund it alone, up to 365. 0: only the staff refund.</summary>
    public int SelfServiceDays { get; set; } = 14;

    /// <summary>How much of the payment must be unspent for that, per cent, 1 to 100.</summary>
    public int SelfServiceUnspentPercent { get; set; } = 100;
}
