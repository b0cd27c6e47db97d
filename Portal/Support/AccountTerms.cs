using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Billing.OnAccount;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Support;

namespace Portal.Support;

/// <summary>
/// What the operator has agreed with an account and its prices follow: proven education, a contract's length, and how far it may go on account. For
/// administrators: it decides what is paid, and whether before or after.
/// </summary>
public sealed class AccountTerms(LedgerWriter ledger)
{
    public const int MonthsMax = 120;

    public static readonly Money PostpaidMax = Money.FromAmount(1_000_000);

    /// <param name="contractMonths">From 0, no contract, to <see cref="MonthsMax"/>.</param>
    /// <param name="postpaid">0, prepaid only, to <see cref="PostpaidMax"/> in whole minor units; not below what is in use.</param>
    public async Task<Outcome<Done>> Set(
        Caller caller, Guid accountId, bool education, int contractMonths, Money postpaid, string reason, CancellationToken cancel = default) => caller.WhyNot(Right.Administer) is { } no ? no : await ledger.Run<Done>(
        async transaction =>
        {
            reason = PlainText.Of(reason);
            if (Unfit(contractMonths, postpaid, reason) is { } unfit)
            {
                return unfit;
            }

            if (await transaction.Lock(accountId, cancel) is not { } book)
            {
                return Refusal.NotFound;
            }

            if (await OwnAccounts.IsOwn(transaction.Db, caller.PersonId, accountId, cancel))
            {
                return new Refusal("adjust.own");
            }

            // Only what changes is written, so that the audit tells of changes.
            var limit = new Money(-(book.Accounts.FirstOrDefault(a => a.Code == LedgerCodes.Postpaid)?.Floor ?? 0));
            if (limit != postpaid && !(await transaction.Apply(new SetPostpaidLimit(accountId, postpaid.Nanos), cancel)).IsDone(out var refusal))
            {
                return refusal;
            }

            if (limit != postpaid)
            {
                await OpenStatements.Agreed(transaction.Db, accountId, cancel);
            }

            var before = await transaction.Db.Accounts.Where(a => a.Id == accountId).Select(a => new { a.Education, a.ContractMonths }).SingleAsync(cancel);

            // Only these columns, because the wallet's writers change the row at the same time.
            var changed = await transaction.Db.Accounts.Where(a => a.Id == accountId && (a.Education != education || a.ContractMonths != contractMonths))
                .ExecuteUpdateAsync(set => set.SetProperty(a => a.Education, education).SetProperty(a => a.ContractMonths, contractMonths), cancel);
            if (changed == 1 || limit != postpaid)
            {
                transaction.Db.AuditEntries.Add(new AuditEntry
                {
                    At = transaction.Now, PersonId = caller.PersonId, AccountId = accountId, Action = "account.terms", Subject = $"{accountId}",
                    Detail = $"{Words(education, contractMonths, postpaid)}: {reason}", Before = Words(before.Education, before.ContractMonths, limit), After = Words(education, contractMonths, postpaid),
                    Reason = reason,
                });
            }

            return default(Done);
        },
        cancel);

    private static string Words(bool education, int contractMonths, Money postpaid) =>
        $"education {(education ? "yes" : "no")}, contract {contractMonths} months, on account up to {postpaid.ToTwoDecimals()}";

    private static Refusal? Unfit(int contractMonths, Money postpaid, string reason) =>
        contractMonths is < 0 or > MonthsMax ? new Refusal("terms.months", $"{MonthsMax}")
        : postpaid < Money.Zero || postpaid > PostpaidMax || Money.FromMinorUnits(postpaid.ToMinorUnits()) != postpaid ? new Refusal("terms.postpaid", PostpaidMax.ToTwoDecimals())
        : Reason.WhyNot(reason);
}
