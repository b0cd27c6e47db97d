using System.Collections.Concurrent;
using System.Globalization;
using Portal.Tests.Billing.Ledger;

namespace Portal.Tests.Faults.Simulation;

/// <summary>Histories of two nodes on one disk, with everything that can happen to a commit, each from one number.</summary>
public sealed class SimulationTests
{
    private const int Seeds = 10_000;
    private const int Commands = 200;

    /// <summary>SIMULATION_SEED=n plays one history, SIMULATION_SEEDS=n that many instead of 10,000.</summary>
    [Fact]
    public void Whatever_happens_to_commits_what_was_acknowledged_is_there_once_and_the_books_add_up()
    {
        if (Number("SIMULATION_SEED") is { } one)
        {
            Play(one);
            return;
        }

        var broken = new ConcurrentDictionary<int, string>();
        Parallel.For(0, Number("SIMULATION_SEEDS") ?? Seeds, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, (seed, loop) =>
        {
            try
            {
                Play(seed);
            }
            catch (Exception e)
            {
                broken[seed] = e is PromiseBrokenException ? e.Message : $"{e}";
                if (broken.Count >= 5) loop.Stop();
            }
        });
        Assert.True(broken.IsEmpty, string.Join('\n', broken.OrderBy(b => b.Key).Select(b =>
            $"{b.Value}\n  SIMULATION_SEED={b.Key} bash Portal.Tests/run.sh -class '{typeof(SimulationTests).FullName}'")));
    }

    private static void Play(int seed)
    {
        var random = new Random(seed);
        var traffic = new Traffic(random, wallets: 3);
        var disk = new SimulatedDisk(traffic.Wallets);
        var promises = new Promises();
        SimulatedNode[] nodes = [new(disk), new(disk)];
        var node = 0;
        var now = WalletScene.Now;
        for (var sent = 0; sent < Commands;)
        {
            now = random.Next(60) == 0 ? now.AddDays(random.Next(2) == 0 ? -31 : 31) : now.AddSeconds(random.Next(20));
            node = random.Next(4) == 0 ? 1 - node : node;
            if (random.Next(25) == 0 && promises.DoneKeys.LastOrDefault() is { } done)
            {
                var other = nodes[node].Commit([Traffic.OtherBody(done)], Fault.None, now)[0];
                Promise.Kept(other?.Refusal?.Code == "idempotency.mismatch", $"{done} was done, and its key with another body is answered {other?.Refusal}");
                continue;
            }

            var batch = Enumerable.Range(0, random.Next(3) == 0 ? 1 : random.Next(1, 9)).Select(_ => traffic.Next(now)).ToList();
            sent += batch.Count;
            var fault = random.Next(5) == 0 ? (Fault)random.Next(1, 7) : Fault.None;
            var answers = nodes[node].Commit(batch, fault, now);
            for (var i = 0; i < answers.Length; i++) promises.Answered(batch[i], answers[i]);
            if (fault is Fault.CrashBefore or Fault.CrashAfter) nodes[node] = new SimulatedNode(disk);
        }

        promises.AssertKept(disk.Wallets);
        foreach (var wallet in disk.Wallets.Values) wallet.AssertBooks();
    }

    private static int? Number(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}
