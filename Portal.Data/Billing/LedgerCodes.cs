namespace Portal.Data.Billing;

/// <summary>The codes of ledger accounts.</summary>
public static class LedgerCodes
{
    /// <summary>Money the customer paid in.</summary>
    public const string CreditPurchased = "credit.purchased";

    /// <summary>Money given to the customer; one account a grant, each with its expiry.</summary>
    public const string CreditGranted = "credit.granted";

    /// <summary>Charges on account; its floor is minus the limit.</summary>
    public const string Postpaid = "postpaid";

    /// <summary>Quota of a plan's period.</summary>
    public const string Allowance = "allowance";

    /// <summary>Quota of one seat.</summary>
    public const string Seat = "seat";

    /// <summary>Quota that all of an organisation share.</summary>
    public const string Pool = "pool";

    /// <summary>Points of the account; their unit is <see cref="Unit.Points"/>.</summary>
    public const string Points = "points";

    /// <summary>Contra: money at the gateway.</summary>
    public const string Clearing = "clearing";

    /// <summary>Contra: credit that a dispute took, for now or for good.</summary>
    public const string Disputed = "disputed";

    /// <summary>Contra: what lost disputes took beyond the credit that was left; below zero as long as the account owes it.</summary>
    public const string Owed = "owed";

    /// <summary>Contra: money that was paid back although its credit had been spent.</summary>
    public const string WrittenOff = "written-off";

    /// <summary>Contra: where granted money and quota come from, and where what expires goes back to.</summary>
    public const string Issued = "issued";

    /// <summary>Money earned with prompts.</summary>
    public const string RevenueUsage = "revenue.usage";

    /// <summary>Money earned with plan fees.</summary>
    public const string RevenuePlan = "revenue.plan";

    /// <summary>Quota consumed by prompts.</summary>
    public const string Used = "used";

    /// <summary>Residues of rounding to minor units.</summary>
    public const string Rounding = "rounding";
}
