using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Portal.Billing.Ledger.Rows;
using Portal.Data;

namespace Portal.Billing.Ledger;

/// <summary>
/// The group commit. What callers ask for while one batch is on its way to the disk is the next batch: its wallets are locked in the order of
/// their ids, the commands applied in memory, all rows written, one commit, and only then everyone is answered.
/// </summary>
internal sealed class ChargeWriter(IDbContextFactory<PortalDb> databases, TimeProvider clock, WalletEvents events)
{
    /// <summary>Commands in one commit, at most: enough to share the cost of a sync, few enough to answer within milliseconds.</summary>
    private const int BatchMax = 512;

    /// <summary>Commands that may wait; who comes then waits to be let in.</summary>
    private const int QueueMax = 8192;

    /// <summary>Wallets that are kept in memory, at most.</summary>
    private const int KnownMax = 20_000;

    private readonly Channel<Request> queue = Channel.CreateBounded<Request>(new BoundedChannelOptions(QueueMax) { SingleReader = true });
    private readonly Dictionary<Guid, (WalletBook Book, long Version)> known = [];
    private int running;

    public async Task<Outcome<LedgerResult>> Apply(LedgerCommand command, CancellationToken cancel)
    {
        var request = new Request(command, cancel);
        await queue.Writer.WriteAsync(request, cancel);
        Start();
        return await request.Task;
    }

    private void Start()
    {
        if (Volatile.Read(ref running) == 0 && Interlocked.Exchange(ref running, 1) == 0)
        {
            _ = Task.Run(Drain);
        }
    }

    /// <summary>Lives while there is work, so that nothing has to be started or stopped.</summary>
    private async Task Drain()
    {
        var batch = new List<Request>(BatchMax);
        do
        {
            ChargeConnection? connection = null;
            while (Fill(batch))
            {
                connection = await Commit(batch, connection);
                batch.Clear();

                // Whoever was answered may have more to ask: it belongs into the next batch, not into the one after.
                await Task.Yield();
            }

            await Close(connection);
            Volatile.Write(ref running, 0);
        }
        while (queue.Reader.TryPeek(out _) && Interlocked.Exchange(ref running, 1) == 0);
    }

    private bool Fill(List<Request> batch)
    {
        while (batch.Count < BatchMax && queue.Reader.TryRead(out var request))
        {
            if (!request.IsCancelled())
            {
                batch.Add(request);
            }
        }

        return batch.Count > 0;
    }

    /// <returns>The connection for the next batch; null when this one broke it.</returns>
    private async Task<ChargeConnection?> Commit(List<Request> batch, ChargeConnection? connection)
    {
        try
        {
            connection ??= await ChargeConnection.Open(databases);
            if (await Commit(batch, connection, careful: batch.Count == 1))
            {
                return connection;
            }

            await Close(connection);
            return null;
        }
        catch (Exception e)
        {
            // Whatever was applied in memory is not in the database.
            foreach (var request in batch)
            {
                known.Remove(request.Command.WalletId);
            }

            await Close(connection);
            if (LedgerFailure.Of(e) is { } refusal)
            {
                batch.ForEach(r => r.Answer(refusal));
            }
            else if (batch.Count == 1)
            {
                batch[0].Fail(e);
            }
            else
            {
                // One command's bug concerns nobody else: each has a commit of its own.
                foreach (var request in batch)
                {
                    await Close(await Commit([request], null));
                }
            }

            return null;
        }
    }

    /// <param name="careful">Asks whether a hold's id was used before; in a batch the table's key refuses it, and then each command is tried alone.</param>
    /// <returns>Whether the connection can be used on.</returns>
    private async Task<bool> Commit(List<Request> batch, ChargeConnection connection, bool careful)
    {
        var now = clock.GetUtcNow();
        await using var transaction = await connection.Db.Database.BeginTransactionAsync();
        var session = new LedgerSession(connection.Db, connection.Writer, transaction.GetDbTransaction(), now);
        var wallets = batch.Select(r => r.Command.WalletId).Distinct().Order().ToList();
        await session.Lock(wallets, known);
        await session.Recall(batch.Select(r => r.Command).OfType<KeyedCommand>().ToList());
        var outcomes = new Outcome<LedgerResult>[batch.Count];
        for (var i = 0; i < outcomes.Length; i++)
        {
            outcomes[i] = careful && batch[i].Command is HoldPrompt prompt && await session.IsKnown(prompt)
                ? new Refusal("request.duplicate")
                : await session.Apply(batch[i].Command);
        }

        await session.Write();
        var alive = await LedgerSession.Commit(databases, connection.Db, connection.Writer, transaction, now);
        Keep(session);
        for (var i = 0; i < outcomes.Length; i++)
        {
            batch[i].Answer(outcomes[i]);
        }

        foreach (var wallet in wallets)
        {
            events.Publish(wallet);
        }

        return alive;
    }

    /// <summary>A connection that cannot even be closed must not stop the writer.</summary>
    private static async Task Close(ChargeConnection? connection)
    {
        try
        {
            await (connection?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
        catch (Exception e) when (LedgerFailure.IsDatabase(e))
        {
            // The pool forgets it.
        }
    }

    private void Keep(LedgerSession session)
    {
        if (known.Count > KnownMax)
        {
            known.Clear();
        }

        foreach (var (id, book) in session.Books)
        {
            known[id] = (book, session.Versions[id]);
        }
    }

    private sealed class Request(LedgerCommand command, CancellationToken cancel)
    {
        private readonly TaskCompletionSource<Outcome<LedgerResult>> done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public LedgerCommand Command => command;

        public Task<Outcome<LedgerResult>> Task => done.Task;

        public bool IsCancelled() => cancel.IsCancellationRequested && done.TrySetCanceled(cancel);

        public void Answer(Outcome<LedgerResult> outcome) => done.TrySetResult(outcome);

        public void Fail(Exception e) => done.TrySetException(e);
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
