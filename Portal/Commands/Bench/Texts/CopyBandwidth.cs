namespace Portal.Commands.Bench.Texts;

/// <summary>How fast this machine copies memory that no cache holds.</summary>
internal static class CopyBandwidth
{
    private const int Bytes = 1 << 28;
    private const int Rounds = 5;

    /// <returns>Bytes per second, of the best round: each is read once and written once.</returns>
    public static decimal Measure(int threads, TimeProvider clock)
    {
        var blocks = Enumerable.Range(0, threads).Select(_ => (From: new byte[Bytes / threads], To: new byte[Bytes / threads])).ToList();
        blocks.ForEach(block => block.From.AsSpan().Fill(1));
        var best = TimeSpan.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var start = clock.GetTimestamp();
            Parallel.ForEach(blocks, new ParallelOptions { MaxDegreeOfParallelism = threads }, block => block.From.CopyTo(block.To, 0));
            var time = clock.GetElapsedTime(start);
            best = time < best ? time : best;
        }

        return Bytes / threads * threads / (decimal)best.TotalSeconds;
    }
}
