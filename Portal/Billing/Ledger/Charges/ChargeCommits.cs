using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Portal.Billing.Ledger.Rows;
using Portal.Billing.Ledger.Wallets;
using Portal.Data;

namespace Portal.Billing.Ledger.Charges;

/// <summary>Commits batches one after the other, on one connection as long as it holds.</summary>
internal sealed class ChargeCommits(IDbContextFactory<PortalDb> databases, TimeProvider clock) : IAsyncDisposable
{
    private ChargeConnection? connection;

    /// <summary>When it returns, the batch is on disk, or everyone in it has got another answer. It never fails.</summary>
    public async Task<ChargeOutcome> Commit(ChargeBatch batch)
    {
        try
        {
            return await Commit(batch, careful: false);
        }
        catch (Exception e)
        {
            await Close();
            if (LedgerFailure.Of(e) is { } refusal)
            {
                foreach (var request in batch.Requests)
                {
                    request.Answer(refusal);
                }
            }
            else
            {
                // One command's bug, or its hold's id that was used before, concerns nobody else: each has a commit of its own.
                foreach (var request in batch.Requests)
                {
                    await Commit(request);
                }
            }

            return ChargeOutcome.Lost;
        }
    }

    public ValueTask DisposeAsync() => new(Close());

    private async Task Commit(ChargeRequest request)
    {
        var alone = new ChargeBatch();
        alone.Wait(request);
        try
        {
            var outcome = await Commit(alone, careful: true);
            request.Answer(outcome.Answers[0].Outcome);
        }
        catch (Exception e)
        {
            await Close();
            if (LedgerFailure.Of(e) is { } refusal)
            {
                request.Answer(refusal);
            }
            else
            {
                request.Fail(e);
            }
        }
    }

    /// <param name="careful">Asks whether a hold's id was used before; in a batch the table's key refuses it, and then each command is tried alone.</param>
    private async Task<ChargeOutcome> Commit(ChargeBatch batch, bool careful)
    {
        var (now, begun) = (clock.GetUtcNow(), clock.GetTimestamp());
        connection ??= await ChargeConnection.Open(databases);
        await using var transaction = await connection.Db.Database.BeginTransactionAsync();
        var session = new LedgerSession(connection.Db, connection.Writer, transaction.GetDbTransaction(), now);
        var wallets = batch.Known.Keys.Union(batch.Awaited).Order().ToList();
        var stale = await session.Lock(wallets, batch.Known);

        // Another node, or a transaction of this one, has changed a wallet: what was applied to it in memory is void, and done again with what is there.
        var astray = batch.Applied.Count > 0 && stale.Any(id => batch.Known.ContainsKey(id) && batch.Applied.Exists(a => a.Request.Command.WalletId == id));
        var answers = new List<(ChargeRequest Request, Outcome<LedgerResult> Outcome)>(batch.Count);
        if (astray)
        {
            await session.Load(wallets);
        }
        else
        {
            answers.AddRange(batch.Applied);
            await session.Write(batch.Rows);
        }

        var waiting = astray ? [.. batch.Requests] : batch.Waiting;
        await session.Recall(waiting.ConvertAll(r => r.Command).OfType<KeyedCommand>().ToList());
        foreach (var request in waiting)
        {
            answers.Add((request, careful && request.Command is HoldPrompt prompt && await session.IsKnown(prompt)
                ? new Refusal("request.duplicate")
                : await session.Apply(request.Command)));
        }

        await session.Write();
        var written = clock.GetTimestamp();
        if (!await LedgerSession.Commit(databases, connection.Db, connection.Writer, transaction, now))
        {
            await Close();
        }

        var books = session.Books.Where(b => astray || batch.Awaited.Contains(b.Key)).Select(b => new KnownWallet(b.Value, session.Versions[b.Key]));
        return new ChargeOutcome(answers, astray, [.. books], clock.GetElapsedTime(begun, written), clock.GetElapsedTime(written));
    }

    /// <summary>A connection that cannot even be closed must not stop the writer.</summary>
    private async Task Close()
    {
        try
        {
            await (connection?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
        catch (Exception e) when (LedgerFailure.IsDatabase(e))
        {
            // The pool forgets it.
        }

        connection = null;
    }

    private sealed class ChargeConnection(PortalDb db) : IAsyncDisposable
    {
        public PortalDb Db => db;

        public RowWriter Writer { get; } = RowWriter.For(db.Database.GetDbConnection());

        public static async Task<ChargeConnection> Open(IDbContextFactory<PortalDb> databases)
        {
            var db = databases.CreateDbContext();
            await db.Database.OpenConnectionAsync();
            return new ChargeConnection(db);
        }

        public async ValueTask DisposeAsync()
        {
            Writer.Dispose();
            await db.DisposeAsync();
        }
    }
}
