using Portal.Billing.Verification.Movements;
using Portal.Billing.Verification.Rows;

namespace Portal.Billing.Verification;

/// <summary>Reads the rollup, then transfers, holds and usage records, side by side in the order of time, once, and gives each row to the rules that it concerns.</summary>
/// <param name="overdue">Open holds that ended before this are abandoned.</param>
/// <param name="since">Rows of before are left out; null: none is.</param>
internal sealed class BookPass(BookSnapshot snapshot, AccountRules accounts, DateTimeOffset overdue, DateTimeOffset? since)
{
    private const int ToldEvery = 100_000;

    public HoldRules Holds { get; } = new(overdue, since);

    public TransferRules Transfers { get; } = new(accounts);

    public SourceRules Sources { get; } = new(accounts);

    public UsageRules Usage { get; } = new();

    public long HoldCount { get; private set; }

    /// <param name="reached">Is told the id of a transfer now and then.</param>
    public void Run(Action<long> reached, CancellationToken cancel)
    {
        foreach (var hour in snapshot.Hours(since))
        {
            Usage.Add(hour);
        }

        using var holds = snapshot.Holds(since).GetEnumerator();
        using var usage = snapshot.Usage(since).GetEnumerator();
        var (hold, used) = (holds.MoveNext(), usage.MoveNext());

        // Of rows of one instant the transfers come first: a hold without any is then known to be one that needed none.
        foreach (var transfer in snapshot.Transfers(since))
        {
            for (; hold && holds.Current.CreatedAt < transfer.At; hold = holds.MoveNext())
            {
                Add(holds.Current);
            }

            for (; used && usage.Current.At < transfer.At; used = usage.MoveNext())
            {
                Add(usage.Current);
            }

            Transfers.Add(transfer, Holds);
            if (Transfers.Count % ToldEvery == 0)
            {
                cancel.ThrowIfCancellationRequested();
                reached(transfer.Id);
            }
        }

        for (; hold; hold = holds.MoveNext())
        {
            Add(holds.Current);
        }

        for (; used; used = usage.MoveNext())
        {
            Add(usage.Current);
        }

        var suspects = Holds.Suspects();
        if (suspects.Count > 0)
        {
            Holds.Replace(suspects, ReadAll(suspects));
        }

        foreach (var pending in Holds.Unresolved())
        {
            _ = accounts.Find(pending.DebitId)?.Pending += pending.Amount;
        }
    }

    private void Add(in HoldRow hold)
    {
        HoldCount++;
        Add(hold, Holds, Sources);
    }

    private static void Add(in HoldRow hold, HoldRules holds, SourceRules sources)
    {
        foreach (var pending in sources.Read(hold))
        {
            holds.Add(hold.Id, pending);
        }

        holds.Add(hold);
    }

    private void Add(in UsageRow row)
    {
        Usage.Add(row);
        Holds.Add(row);
    }

    /// <summary>Every row of some holds, whenever it was written.</summary>
    private HoldRules ReadAll(HashSet<Guid> ids)
    {
        var all = HoldRules.ThatForgetNothing();
        foreach (var transfer in snapshot.Transfers(null).Where(t => t.HoldId is { } id && ids.Contains(id)))
        {
            all.Add(transfer.HoldId!.Value, accounts.Held(transfer));
        }

        // What is wrong with the sources was said when they were read first.
        var sources = new SourceRules(accounts);
        foreach (var hold in snapshot.Holds(null).Where(h => ids.Contains(h.Id)))
        {
            Add(hold, all, sources);
        }

        foreach (var row in snapshot.Usage(null).Where(u => ids.Contains(u.Id)))
        {
            all.Add(row);
        }

        return all;
    }
}
