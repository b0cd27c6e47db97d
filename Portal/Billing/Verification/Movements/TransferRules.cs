using Portal.Billing.Coupons;
using Portal.Billing.Subscriptions;
using Portal.Billing.Subscriptions.Periods;
using Portal.Billing.Verification.Perks;
using Portal.Billing.Verification.Rows;
using Portal.Data.Billing;

namespace Portal.Billing.Verification.Movements;

/// <summary>Each transfer stays within one wallet and unit, and its amount is one that its kind can have.</summary>
internal sealed class TransferRules(AccountRules accounts)
{
    /// <summary>What gives credit to the demo people, and to measurements on a database of their own.</summary>
    private static readonly string[] Unsold = ["demo", "grant"];

    private readonly List<Finding> findings = [];

    public IReadOnlyList<Finding> Findings => findings;

    public long Count { get; private set; }

    /// <summary>What was credited out of the clearing account: top-ups, and refunds that came back.</summary>
    public List<TransferRow> Credits { get; } = [];

    /// <summary>What was held to be paid out again.</summary>
    public List<TransferRow> PayOuts { get; } = [];

    /// <summary>What the staff gave and took back.</summary>
    public List<TransferRow> Adjustments { get; } = [];

    /// <summary>What disputes froze.</summary>
    public List<TransferRow> Frozen { get; } = [];

    /// <summary>What lost disputes left owing, and what paid it.</summary>
    public List<PerkTransfer> Owed { get; } = [];

    /// <summary>What paid the fees of plans.</summary>
    public List<TransferRow> Fees { get; } = [];

    /// <summary>What gave such fees back.</summary>
    public List<TransferRow> FeeRefunds { get; } = [];

    /// <summary>What upgrades took back of allowances.</summary>
    public List<TransferRow> TakenBack { get; } = [];

    /// <summary>What periods were granted.</summary>
    public List<TransferRow> Grants { get; } = [];

    /// <summary>What gave prompts back.</summary>
    public List<PerkTransfer> Returned { get; } = [];

    /// <summary>What coupons granted.</summary>
    public List<TransferRow> Coupons { get; } = [];

    /// <summary>Trial credit, bonuses, points, and what was repaid on account.</summary>
    public List<PerkTransfer> Perks { get; } = [];

    public void Add(in TransferRow t, HoldRules holds)
    {
        Count++;
        var (debit, credit) = (accounts.Find(t.DebitId), accounts.Find(t.CreditId));
        if (debit is null || credit is null || t.DebitId == t.CreditId || debit.Unit != credit.Unit || debit.WalletId != t.WalletId || credit.WalletId != t.WalletId)
        {
            findings.Add(new Finding(
                "transfer.accounts", $"Transfers {t.Id}", $"the {t.Kind} moves from account {t.DebitId} to {t.CreditId}, which are not two of its wallet and of one unit"));
        }

        if (t.Amount < 0 || (t.Amount == 0 && t.Kind == TransferKind.Immediate) || (t.Amount != 0 && t.Kind is TransferKind.Void or TransferKind.Expire))
        {
            findings.Add(new Finding("transfer.amount", $"Transfers {t.Id}", $"no {t.Kind} can have the amount {t.Amount}"));
        }

        if (t.Kind != TransferKind.Pending)
        {
            _ = debit?.Moved -= t.Amount;
            _ = credit?.Moved += t.Amount;
        }

        if (debit is not null && credit is not null)
        {
            Sort(t, debit, credit);
        }

        if (t.HoldId is { } holdId)
        {
            holds.Add(holdId, accounts.Held(t));
        }
        else if (t.Kind != TransferKind.Immediate)
        {
            findings.Add(new Finding("hold.missing", $"Transfers {t.Id}", $"the {t.Kind} belongs to no hold"));
        }
    }

    private void Sort(in TransferRow t, AccountFacts debit, AccountFacts credit)
    {
        if (t.Kind == TransferKind.Immediate && debit.Code == LedgerCodes.Clearing && credit.Code == LedgerCodes.CreditPurchased)
        {
            Credits.Add(t);
        }
        else if (t.Kind == TransferKind.Pending && debit.Code == LedgerCodes.CreditPurchased && credit.Code == LedgerCodes.Clearing)
        {
            PayOuts.Add(t);
        }
        else if (t.Code is TransferCodes.Trial or TransferCodes.TopUpBonus or TransferCodes.TopUpBonusBack or TransferCodes.Points or TransferCodes.Repaid)
        {
            Perks.Add(new PerkTransfer(t, debit.Code, credit.Code, debit.Unit));
        }
        else if (t.Code is "goodwill" or "goodwill.taken")
        {
            Adjustments.Add(t);
            if (debit.Code is not (LedgerCodes.Issued or LedgerCodes.CreditGranted) || credit.Code is not (LedgerCodes.Issued or LedgerCodes.CreditGranted))
            {
                findings.Add(new Finding("adjust.accounts", $"Transfers {t.Id}", $"an adjustment moves from {debit.Code} to {credit.Code}: what was paid in is not adjusted"));
            }
        }
        else if (debit.Code == LedgerCodes.Owed || credit.Code == LedgerCodes.Owed)
        {
            Owed.Add(new PerkTransfer(t, debit.Code, credit.Code, debit.Unit));
        }
        else if (credit.Code == LedgerCodes.Disputed)
        {
            Frozen.Add(t);
        }
        else if (t.Code == PaidPeriod.FeeCode)
        {
            Fees.Add(t);
        }
        else if (t.Code is TransferCodes.PromptReturned or TransferCodes.PromptReturnedRepaid)
        {
            Returned.Add(new PerkTransfer(t, debit.Code, credit.Code, debit.Unit));
        }
        else if (t.Code == PlanDesk.TakeBackCode)
        {
            TakenBack.Add(t);
        }
        else if (t.Code == PaidPeriod.GrantCode)
        {
            Grants.Add(t);
        }
        else if (t.Code is TransferCodes.FeeRefund or TransferCodes.FeeRefundRepaid)
        {
            FeeRefunds.Add(t);
            if (debit.Code != LedgerCodes.RevenuePlan || (t.Code == TransferCodes.FeeRefundRepaid && credit.Code != LedgerCodes.CreditPurchased))
            {
                findings.Add(new Finding("refund.accounts", $"Transfers {t.Id}", $"a plan's fee comes back from {debit.Code} to {credit.Code}"));
            }
        }
        else if (t.Code == CouponRedeemer.Code)
        {
            Coupons.Add(t);
            if (debit.Code != LedgerCodes.Issued || credit.Code != LedgerCodes.CreditGranted)
            {
                findings.Add(new Finding("coupon.accounts", $"Transfers {t.Id}", $"a coupon's credit moves from {debit.Code} to {credit.Code}: what is granted must never be paid out"));
            }
        }
        else if (t.Kind == TransferKind.Immediate && credit.Code == LedgerCodes.CreditGranted && !Unsold.Contains(t.Code))
        {
            findings.Add(new Finding("credit.source", $"Transfers {t.Id}", $"'{t.Code}' gives {t.Amount} nanos of credit out of {debit.Code}: nothing is known that gives such credit"));
        }
        else if (t.Kind == TransferKind.Immediate && credit.Code == LedgerCodes.CreditPurchased && debit.Code != LedgerCodes.WrittenOff)
        {
            findings.Add(new Finding("credit.source", $"Transfers {t.Id}", $"'{t.Code}' moves {t.Amount} from {debit.Code} to what can be paid out: that comes from a payment, or goes back to what paid"));
        }
    }
}
