using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger.Charges;
using Portal.Data;

namespace Portal.Billing.Ledger;

/// <summary>
/// The group commit. What callers ask for while one batch is on its way to the disk is the next batch, and is applied in memory meanwhile: when its turn
/// comes its wallets are locked in the order of their ids, found as they were supposed, the rows written, one commit, and only then everyone is answered.
/// </summary>
internal sealed class ChargeWriter(IDbContextFactory<PortalDb> databases, TimeProvider clock, WalletEvents events)
{
    /// <summary>Commands in one commit, at most: enough to share the cost of a sync, few enough to answer within milliseconds.</summary>
    private const int BatchMax = 512;

    /// <summary>Commands that may wait; who comes then waits to be let in.</summary>
    private const int QueueMax = 8192;

    private readonly Channel<ChargeRequest> queue = Channel.CreateBounded<ChargeRequest>(new BoundedChannelOptions(QueueMax) { SingleReader = true });
    private readonly WalletMemory memory = new();
    private int running;

    public async Task<Outcome<LedgerResult>> Apply(LedgerCommand command, CancellationToken cancel)
    {
        var request = new ChargeRequest(command, cancel);
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
        do
        {
            await using (var commits = new ChargeCommits(databases, clock))
            {
                await Drain(commits);
            }

            Volatile.Write(ref running, 0);
        }
        while (queue.Reader.TryPeek(out _) && Interlocked.Exchange(ref running, 1) == 0);
    }

    /// <summary>Applies and commits side by side until nothing is left of either.</summary>
    private async Task Drain(ChargeCommits commits)
    {
        var next = new ChargeBatch();
        var sent = next;
        Task<ChargeOutcome>? commit = null;
        Task<bool>? more = null;
        while (true)
        {
            Fill(next);
            if (commit is { IsCompleted: false })
            {
                more ??= queue.Reader.WaitToReadAsync().AsTask();
                await (next.Count < BatchMax ? (Task)Task.WhenAny(commit, more) : commit);
                more = more.IsCompleted ? null : more;
                continue;
            }

            var outcome = commit is null ? null : await commit;
            if (outcome is not null)
            {
                memory.TakeBack(sent, outcome, next);
            }

            var over = sent;
            commit = null;
            if (next.Count > 0)
            {
                memory.Lend(next);
                (sent, next) = (next, new ChargeBatch());
                var batch = sent;
                commit = Task.Run(() => commits.Commit(batch));
            }

            // The next commit is on its way: those of this one need not wait for each other's answers.
            if (outcome is not null)
            {
                Answer(over, outcome);
            }

            if (commit is null)
            {
                return;
            }
        }
    }

    private void Fill(ChargeBatch batch)
    {
        if (batch.Count < BatchMax && queue.Reader.TryRead(out var request))
        {
            var now = clock.GetUtcNow();
            do
            {
                if (!request.IsCancelled())
                {
                    memory.Add(batch, request, now);
                }
            }
            while (batch.Count < BatchMax && queue.Reader.TryRead(out request));
        }
    }

    private void Answer(ChargeBatch batch, ChargeOutcome outcome)
    {
        foreach (var (request, answer) in outcome.Answers)
        {
            request.Answer(answer);
        }

        foreach (var wallet in batch.Known.Keys.Union(batch.Awaited))
        {
            events.Publish(wallet);
        }
    }
}
