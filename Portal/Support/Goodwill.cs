using Portal.Accounts;
using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Support;

namespace Portal.Support;

/// <summary>Credit that an administrator gives away, with an end and a reason.</summary>
public sealed class Goodwill(LedgerWriter ledger)
{
    /// <summary>The code of its transfers.</summary>
    public const string Code = "goodwill";

    public const int DaysMin = 1;
    public const int DaysMax = 3 * 365;

    /// <summary>More is a contract, not goodwill.</summary>
    public static readonly Money AmountMax = Money.FromAmount(10_000);

    /// <param name="amount">More than 0, whole minor units.</param>
    /// <param name="days">From now until the credit expires.</param>
    /// <param name="formKey">The form's token: sent twice, it is granted once.</param>
    public Task<Outcome<Done>> Grant(
        Caller caller, Guid accountId, Money amount, int days, string reason, Guid formKey, CancellationToken cancel = default) => caller.ReadOnly ? Task.FromResult<Outcome<Done>>(Refusal.ReadOnly) : ledger.Run<Done>(
        async transaction =>
        {
            if (!caller.IsStaff)
            {
                return Refusal.NotFound;
            }

            if (!caller.IsAdministrator)
            {
                return Refusal.Forbidden;
            }

            if (amount <= Money.Zero || amount > AmountMax || Money.FromMinorUnits(amount.ToMinorUnits()) != amount)
            {
                return new Refusal("goodwill.amount", AmountMax.ToTwoDecimals());
            }

            if (days is < DaysMin or > DaysMax)
            {
                return new Refusal("goodwill.days", $"{DaysMin}", $"{DaysMax}");
            }

            reason = reason.Trim();
            if (reason.Length is 0 or > PersonLocks.ReasonLengthMax)
            {
                return new Refusal("reason.missing", $"{PersonLocks.ReasonLengthMax}");
            }

            // A second click comes later: the end must not follow the clock within the day, or it would be another command.
            var end = new DateTimeOffset(transaction.Now.UtcDateTime.Date, TimeSpan.Zero).AddDays(days + 1);
            var leg = new Leg(
                new AccountRef(LedgerCodes.Issued, Unit.Money), new AccountRef(LedgerCodes.CreditGranted, Unit.Money, formKey, end), amount.Nanos, Code);
            var outcome = await transaction.Apply(new Move(accountId, $"{Code}:{formKey:N}", $"by:{caller.PersonId:N}", [leg]), cancel);
            if (!outcome.IsDone(out var refusal, out var result))
            {
                return refusal;
            }

            if (!result.Replayed)
            {
                transaction.Db.AuditEntries.Add(new AuditEntry
                {
                    At = transaction.Now, PersonId = caller.PersonId, AccountId = accountId, Action = "credit.granted", Subject = $"{formKey}",
                    Detail = $"{amount.ToTwoDecimals()} until {end:yyyy-MM-dd}: {reason}",
                });
            }

            return default(Done);
        },
        cancel);
}
