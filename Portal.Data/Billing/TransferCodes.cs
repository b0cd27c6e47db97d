namespace Portal.Data.Billing;

/// <summary>Codes of transfers that more than their writer asks for.</summary>
public static class TransferCodes
{
    /// <summary>Everything that a prompt holds, charges and releases.</summary>
    public const string Prompt = "prompt";

    /// <summary>What was owed on account and is paid with a top-up; the reference is the payment.</summary>
    public const string Repaid = "postpaid.repaid";

    /// <summary>What a lost dispute took beyond the credit that was left, and the account owes; the reference is the dispute.</summary>
    public const string DisputeOwed = "dispute.owed";

    /// <summary>What pays that out of purchased credit; the reference is what brought the credit.</summary>
    public const string OwedRepaid = "owed.repaid";

    /// <summary>What a plan's fee was paid with goes back to it; the reference is the refund.</summary>
    public const string FeeRefund = "plan.refund";

    /// <summary>The same of a fee that was paid on account and has been repaid since.</summary>
    public const string FeeRefundRepaid = "plan.refund-repaid";

    /// <summary>What a prompt took and the staff gave back; the reference is the request.</summary>
    public const string PromptReturned = "prompt.returned";

    /// <summary>The same of what was taken on account and has been repaid since.</summary>
    public const string PromptReturnedRepaid = "prompt.returned-repaid";

    /// <summary>What a period granted goes on with the period's new end, when it is given more days; the reference is the form.</summary>
    public const string PlanExtended = "plan.extend";

    /// <summary>Credit for who registered; the reference is the person.</summary>
    public const string Trial = "trial";

    /// <summary>What a top-up is given on top; the reference is the payment.</summary>
    public const string TopUpBonus = "topup.bonus";

    /// <summary>What of it goes back with a refund, or comes again when that failed; the reference is the refund.</summary>
    public const string TopUpBonusBack = "topup.bonus-back";

    /// <summary>Points that were given or redeemed, and the credit for them; the reference is the entry.</summary>
    public const string Points = "points";
}
