namespace Portal.Billing.Subscriptions;

/// <summary>What an account has of its plan at an instant.</summary>
public enum Entitlement
{
    /// <summary>Nothing: prompts are paid by use.</summary>
    None = 0,

    /// <summary>All of it, for nothing, until the trial ends.</summary>
    Trial = 1,

    /// <summary>All of it.</summary>
    Active = 2,

    /// <summary>Its conditions without a new allowance, while a renewal that could not be paid is tried again.</summary>
    Grace = 3,
}
