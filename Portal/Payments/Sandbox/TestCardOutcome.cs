namespace Portal.Payments.Sandbox;

/// <summary>What becomes of a payment with a test card.</summary>
public enum TestCardOutcome
{
    Succeeds,

    /// <summary>Every charge is declined, and the card cannot be saved.</summary>
    Declined,

    /// <summary>The card can be saved; every later charge is declined.</summary>
    DeclinedWhenCharged,

    /// <summary>Needs a confirmation by the card holder unless it was saved with one.</summary>
    AuthenticatesOnce,

    /// <summary>Needs a confirmation by the card holder for every payment.</summary>
    AuthenticatesAlways,

    /// <summary>Charged, then disputed as fraudulent.</summary>
    Disputed,

    /// <summary>Charged; a refund of it stays pending for a while.</summary>
    RefundPends,

    /// <summary>Charged; a refund of it fails after it seemed to succeed.</summary>
    RefundFails,
}
