using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Data.Support;

namespace Portal.Support;

/// <summary>What one of the staff has given, taken and given back in a month, counted against their limit.</summary>
internal static class AdjustmentCount
{
    /// <summary>In one step, so that two at once in different accounts do not pass the month's limit together.</summary>
    public static async Task<Outcome<Done>> Add(LedgerTransaction transaction, AdjustmentOptions options, Caller caller, Money amount, CancellationToken cancel)
    {
        var (db, month) = (transaction.Db, MonthOf(transaction.Now));
        await db.SaveChangesAsync(cancel);
        var rows = db.AdjustmentMonths.Where(m => m.PersonId == caller.PersonId && m.Month == month);
        if (!await rows.AnyAsync(cancel))
        {
            var row = db.AdjustmentMonths.Add(new AdjustmentMonth { PersonId = caller.PersonId, Month = month });
            try
            {
                await db.SaveChangesAsync(cancel);
            }
            catch (DbUpdateException)
            {
                // Somebody else opened the month in this moment; EF has gone back to the savepoint before the insert.
            }

            row.State = EntityState.Detached;
        }

        var all = options.Of(caller).Month.Nanos;
        var counted = await rows.Where(m => m.UsedNanos + amount.Nanos <= all).ExecuteUpdateAsync(set => set.SetProperty(m => m.UsedNanos, m => m.UsedNanos + amount.Nanos), cancel);
        return counted == 1 ? default(Done) : new Refusal("adjust.month", new Money(all - await rows.Select(m => m.UsedNanos).SingleAsync(cancel)).ToTwoDecimals());
    }

    public static int MonthOf(DateTimeOffset now) => (now.UtcDateTime.Year * 100) + now.UtcDateTime.Month;
}
