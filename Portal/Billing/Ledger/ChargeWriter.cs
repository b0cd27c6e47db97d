using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger.Charges;
using Portal.Billing.Ledger.Wallets;
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

    /// <summary>
    /// How long the connection and its prepared statements are kept for the next command: to make them anew takes longer than to write a charge's rows.
    /// It is a matter of what is idle, not of what time it is, and passes also where the clock stands still.
    /// </summary>
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(2);

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

    /// <summary>Lives while there is work and a little longer, so that nothing has to be started or stopped.</summary>
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

    /// <summary>Applies and commits side by side until nothing is left of either, and nothing comes for a while.</summary>
    private async Task Drain(ChargeCommits commits)
    {
        var next = new ChargeBatch();
        var sent = next;
        Task<ChargeOutcome>? commit = null;
        Task<bool>? more = null;
        while (true)
        {
            Fill(next, BatchMax);
            if (commit is { IsCompleted: false })
            {
                more ??= queue.Reader.WaitToReadAsync().AsTask();
                await (next.Count < BatchMax ? (Task)Task.WhenAny(commit, more) : commit);
                more = more.IsCompleted ? null : more;
                continue;
            }

            var (over, outcome) = (sent, commit is null ? null : await commit);
            commit = null;
            if (outcome is not null)
            {
                memory.TakeBack(over, outcome, next);
                var enough = Enough(outcome, over.Count, next.Count);
                if (next.Count < enough)
                {
                    Answer(over, outcome);
                    outcome = null;
                    await Gather(next, enough);
                }
            }

            if (next.Count > 0)
            {
                memory.Lend(next);
                (sent, next) = (next, new ChargeBatch());
                var batch = sent;
                commit = Task.Run(() => commits.Commit(batch));
            }

            // The next commit is on its way already: it need not wait until everyone of this one is told.
            if (outcome is not null)
            {
                Answer(over, outcome);
            }

            if (commit is null)
            {
                more ??= queue.Reader.WaitToReadAsync().AsTask();
                await ((Task)more).WaitAsync(Linger).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (!more.IsCompleted)
                {
                    return;
                }

                more = null;
            }
        }
    }

    /// <summary>
    /// How many commands are worth a commit: half of those that are known to be coming, so that one half is applied while the other is written. All of them
    /// where the disk takes longer than all their rows: then the fewest commits are the fastest.
    /// </summary>
    private static int Enough(ChargeOutcome outcome, int answered, int others)
    {
        var all = answered + others;
        var isDiskSlow = outcome.Synced.Ticks * answered > outcome.Wrote.Ticks * all;
        return Math.Min(BatchMax, isDiskSlow ? all : (all + 1) / 2);
    }

    /// <summary>Lets those who were just answered ask again, as long as it brings somebody.</summary>
    private async Task Gather(ChargeBatch next, int enough)
    {
        for (var before = -1; before < next.Count && next.Count < enough;)
        {
            before = next.Count;
            await Task.Yield();
            Fill(next, enough);
        }
    }

    private void Fill(ChargeBatch batch, int most)
    {
        if (batch.Count < most && queue.Reader.TryRead(out var request))
        {
            var now = clock.GetUtcNow();
            do
            {
                if (!request.IsCancelled())
                {
                    memory.Add(batch, request, now);
                }
            }
            while (batch.Count < most && queue.Reader.TryRead(out request));
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
