namespace Portal.Payments.Cards;

/// <summary>What came of charging a saved card. Closed: these six and no others.</summary>
public abstract record ChargeOutcome
{
    private ChargeOutcome()
    {
    }

    /// <summary>The money is in the account's credit.</summary>
    public sealed record Paid(Guid PaymentId) : ChargeOutcome;

    /// <summary>Nothing was charged.</summary>
    /// <param name="Code">As <c>DeclineWords</c> puts into words.</param>
    /// <param name="Hard">The same card will not pay later either.</param>
    public sealed record Declined(Guid PaymentId, string Code, bool Hard) : ChargeOutcome;

    /// <summary>Nothing was charged yet: the card holder has a day to confirm, and was written to. What comes of it is told by webhook.</summary>
    /// <param name="Page">The portal's page that leads there, without its address: <c>billing?confirm=…</c>.</param>
    public sealed record NeedsAction(Guid PaymentId, string Page) : ChargeOutcome;

    /// <summary>The account has no card to charge. Nothing was recorded.</summary>
    public sealed record NoCard : ChargeOutcome;

    /// <summary>What it was for is paid or over by now. Nothing was recorded.</summary>
    public sealed record Lapsed : ChargeOutcome;

    /// <summary>The gateway's answer was lost; it is asked until it says what happened. Charge nothing else for the same thing meanwhile.</summary>
    public sealed record Unknown(Guid PaymentId) : ChargeOutcome;
}
