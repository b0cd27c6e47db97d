using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Rows;
using Portal.Billing.Rating;
using Portal.Catalog;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Usage;

namespace Portal.Commands.Bench;

/// <summary>
/// The rows of charges through the same prepared statements in batches, with no logic, queue or caller: the limit of the ledger's tables on this
/// database and disk. Every charge writes the rows of the wallet's first real one under an id of its own.
/// </summary>
internal sealed class BareCharges(IDbContextFactory<PortalDb> databases, TimeProvider clock)
{
    /// <param name="batch">Charges in one commit of holds and the one of settles after it.</param>
    /// <returns>Charges per second, whole.</returns>
    public async Task<decimal> Measure(Guid[] wallets, PriceTerms terms, int batch, TimeSpan span, CancellationToken cancel)
    {
        await using var db = databases.CreateDbContext();
        await db.Database.OpenConnectionAsync(cancel);
        using var writer = RowWriter.For(db.Database.GetDbConnection());
        var first = new List<FirstCharge>();
        foreach (var book in await WalletLoader.Load(db, wallets, clock.GetUtcNow(), cancel))
        {
            first.Add(Charge(book, terms));
        }

        var opened = new LedgerRows();
        opened.Opened.AddRange(first.SelectMany(f => f.Hold.Opened));
        await Commit(db, writer, [], opened, cancel);

        var random = new Random(1);
        var done = 0L;
        var begin = clock.GetTimestamp();
        while (clock.GetElapsedTime(begin) < span)
        {
            var (holds, settles, chosen) = (new LedgerRows(), new LedgerRows(), new List<Guid>());
            for (var i = 0; i < batch; i++)
            {
                var charge = first[random.Next(first.Count)];
                chosen.Add(charge.Wallet);
                Add(charge, Guid.CreateVersion7(clock.GetUtcNow()), holds, settles);
            }

            await Commit(db, writer, chosen, holds, cancel);
            await Commit(db, writer, chosen, settles, cancel);
            done += batch;
        }

        return decimal.Round(done / (decimal)clock.GetElapsedTime(begin).TotalSeconds);
    }

    private FirstCharge Charge(WalletBook book, PriceTerms terms)
    {
        var now = clock.GetUtcNow();
        var charge = new FirstCharge(book.WalletId, new LedgerRows(), new LedgerRows());
        var hold = Guid.CreateVersion7(now);
        var by = new Spender(book.WalletId, book.WalletId, book.WalletId, null);
        var windows = UsageWindows.At(now, TimeZoneInfo.Utc, null);
        var held = book.Apply(new HoldPrompt(book.WalletId, hold, by, false, MeteredUsage.Text(120, 300), terms, windows, now.AddMinutes(10), null), charge.Hold, now);
        var settled = book.Apply(new SettlePrompt(book.WalletId, hold, MeteredUsage.Text(120, 200), new PromptEnd("stop", 800)), charge.Settle, now);
        return held.IsDone(out var refusal) && settled.IsDone(out refusal) ? charge : throw new InvalidOperationException($"The bench's own charge was refused: {refusal}");
    }

    private static void Add(FirstCharge charge, Guid id, LedgerRows holds, LedgerRows settles)
    {
        Copy(charge.Hold, id, holds);
        Copy(charge.Settle, id, settles);
        foreach (var hold in charge.Hold.Holds)
        {
            var copy = new Hold { Id = id, WalletId = hold.WalletId, State = hold.State, CreatedAt = hold.CreatedAt, ExpiresAt = hold.ExpiresAt, ResolvedAt = hold.ResolvedAt, Quote = hold.Quote };
            holds.Holds.Add(copy);
            settles.Resolved.Add(copy);
        }
    }

    private static void Copy(LedgerRows from, Guid id, LedgerRows to)
    {
        to.Changed.UnionWith(from.Changed);
        to.Counters.UnionWith(from.Counters);
        to.Transfers.AddRange(from.Transfers.Select(t => new Transfer
        {
            WalletId = t.WalletId, Kind = t.Kind, Debit = t.Debit, Credit = t.Credit, Amount = t.Amount, Code = t.Code, At = t.At, Reference = t.Reference,
            HoldId = id, Part = t.Part,
        }));
        foreach (var usage in from.Usage)
        {
            to.AddUsage(new UsageRecord
            {
                Id = id, AccountId = usage.AccountId, ProjectId = usage.ProjectId, PersonId = usage.PersonId, MembershipId = usage.MembershipId, Model = usage.Model,
                Unit = usage.Unit, InputTokens = usage.InputTokens, OutputTokens = usage.OutputTokens, ChargedNanos = usage.ChargedNanos, ListNanos = usage.ListNanos,
                At = usage.At, DurationMs = usage.DurationMs, Finish = usage.Finish, Receipt = usage.Receipt,
            });
        }
    }

    private async Task Commit(PortalDb db, RowWriter writer, IReadOnlyList<Guid> wallets, LedgerRows rows, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var open = transaction.GetDbTransaction();
        await writer.Lock([.. wallets.Distinct().Order()], open);
        await LedgerTables.Write(db, writer, open, rows);
        await writer.Mark(Guid.CreateVersion7(clock.GetUtcNow()), 0, open);
        await transaction.CommitAsync(cancel);
    }

    private sealed record FirstCharge(Guid Wallet, LedgerRows Hold, LedgerRows Settle);
}
