using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Billing.Ledger;
using Portal.Billing.OnAccount;
using Portal.Data;
using Portal.Data.Support;
using Portal.Data.Usage;
using Portal.Payments.Disputes;

namespace Portal.Support.Charges;

/// <summary>
/// A charged prompt that the staff give back: exactly to the sources that paid it, once, and what it counted in caps and tiers is counted off where the
/// window is still open. Its money counts towards the giver's limits as credit does; nobody gives back to an account of their own.
/// </summary>
public sealed class ChargeReturns(LedgerWriter ledger, IDbContextFactory<PortalDb> databases, IOptions<AdjustmentOptions> options, TimeProvider time)
{
    private const string Action = "charge.returned";

    public async Task<Outcome<ChargeReturnPreview>> Preview(Caller caller, Guid requestId, CancellationToken cancel = default)
    {
        if (caller.WhyNotSee(Right.Serve) is { } no) return no;
        await using var db = databases.CreateDbContext();
        if (await db.UsageRecords.AsNoTracking().FirstOrDefaultAsync(u => u.Id == requestId, cancel) is not { } record)
        {
            return Refusal.NotFound;
        }

        var sources = await ChargeSources.Read(db, record, time.GetUtcNow(), cancel);
        var whyNot = await db.UsageReturns.AnyAsync(r => r.Id == requestId, cancel) ? new Refusal("charge.given-back") : await WhyNot(db, caller, sources, cancel);
        return new ChargeReturnPreview(
            new Money(sources.Nanos), sources.Units, record.Unit, new Money(record.ChargedNanos - sources.Nanos), record.CoveredUnits - sources.Units, options.Value.Of(caller).Once, whyNot);
    }

    /// <summary>The same person with the same reason again changes nothing.</summary>
    public async Task<Outcome<Done>> GiveBack(Caller caller, Guid requestId, string reason, CancellationToken cancel = default)
    {
        if (caller.WhyNot(Right.Serve) is { } no) return no;
        reason = PlainText.Of(reason);
        return Reason.WhyNot(reason) is { } missing
            ? missing
            : await ledger.Run(transaction => GiveBack(transaction, caller, requestId, reason, cancel), cancel);
    }

    private async Task<Outcome<Done>> GiveBack(LedgerTransaction transaction, Caller caller, Guid requestId, string reason, CancellationToken cancel)
    {
        var db = transaction.Db;
        if (await db.UsageRecords.AsNoTracking().FirstOrDefaultAsync(u => u.Id == requestId, cancel) is not { } record)
        {
            return Refusal.NotFound;
        }

        var book = (await transaction.Lock(record.AccountId, cancel))!;
        if (await db.UsageReturns.AsNoTracking().FirstOrDefaultAsync(r => r.Id == requestId, cancel) is { } before)
        {
            return before.PersonId == caller.PersonId && before.Reason == reason ? default(Done) : new Refusal("charge.given-back");
        }

        var sources = await ChargeSources.Read(db, record, transaction.Now, cancel);
        if (await WhyNot(db, caller, sources, cancel) is { } whyNot)
        {
            return whyNot;
        }

        var moved = await transaction.Apply(new GiveBack(record.AccountId, $"{Action}:{requestId:N}", $"{requestId}", sources.Legs(book), sources.Counts), cancel);
        if (!moved.IsDone(out var refusal))
        {
            return refusal;
        }

        await OpenStatements.Settle(transaction, record.AccountId, judge: false, cancel);
        if (!(await DisputeDebt.Repay(transaction, record.AccountId, $"{requestId}", cancel)).IsDone(out refusal))
        {
            return refusal;
        }

        db.UsageReturns.Add(new UsageReturn
        {
            Id = requestId, AccountId = record.AccountId, PersonId = caller.PersonId, At = transaction.Now, Nanos = sources.Nanos, Units = sources.Units, TierUnits = sources.TierUnits,
            Reason = reason,
        });
        db.AuditEntries.Add(new AuditEntry
        {
            At = transaction.Now, PersonId = caller.PersonId, AccountId = record.AccountId, Action = Action, Subject = $"{requestId}", Reason = reason, Before = "charged", After = "given back",
            Detail = string.Create(CultureInfo.InvariantCulture, $"{record.Model}: {new Money(sources.Nanos).Amount:0.00#######}, {sources.Units} units of quota"),
        });
        return sources.Nanos == 0 ? default(Done) : await AdjustmentCount.Add(transaction, options.Value, caller, new Money(sources.Nanos), cancel);
    }

    private async Task<Refusal?> WhyNot(PortalDb db, Caller caller, ChargeSources sources, CancellationToken cancel)
    {
        var once = options.Value.Of(caller).Once;
        return await OwnAccounts.IsOwn(db, caller.PersonId, sources.Record.AccountId, cancel) ? new Refusal("adjust.own")
            : sources.Taken.Count == 0 ? new Refusal(sources.Record is { ChargedNanos: 0, CoveredUnits: 0 } ? "charge.nothing" : "charge.lapsed")
            : sources.Nanos > once.Nanos ? new Refusal("charge.above-limit", once.ToTwoDecimals()) : null;
    }
}
