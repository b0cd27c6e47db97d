using System.Diagnostics;

namespace Portal.Commands.Bench.Gateway;

/// <summary>Sends at a fixed rate, whether or not anything was answered, and takes each request's time.</summary>
internal sealed class OpenLoop(HttpClient client, TimeProvider clock)
{
    private readonly List<long> times = [];

    public int Failed { get; private set; }

    public TimeSpan Span { get; private set; }

    /// <summary>Of the whole process, the client's part included.</summary>
    public TimeSpan Cpu { get; private set; }

    public int Answered => times.Count;

    /// <param name="request">Makes the next request.</param>
    public async Task Run(Func<HttpRequestMessage> request, int perSecond, TimeSpan span, CancellationToken cancel)
    {
        using var process = Process.GetCurrentProcess();
        var worked = process.TotalProcessorTime;
        var begin = clock.GetTimestamp();
        var pending = new List<Task>();
        var total = (int)(perSecond * span.TotalSeconds);
        for (var sent = 0; sent < total;)
        {
            // However late the timer wakes: as many as are due by now.
            for (var due = Math.Min(total, (int)(clock.GetElapsedTime(begin).TotalSeconds * perSecond) + 1); sent < due; sent++)
            {
                pending.Add(Send(request(), cancel));
            }

            // What is over must not be kept, or the collector copies it in the time that is measured.
            pending.RemoveAll(task => task.IsCompletedSuccessfully);

            await Task.Delay(TimeSpan.FromSeconds(1) / perSecond, clock, cancel);
        }

        await Task.WhenAll(pending);
        Span += clock.GetElapsedTime(begin);
        process.Refresh();
        Cpu += process.TotalProcessorTime - worked;
    }

    public decimal Ms(int percent)
    {
        var sorted = times.Order().ToList();
        return sorted.Count == 0 ? 0 : (decimal)sorted[Math.Min(sorted.Count - 1, sorted.Count * percent / 100)] * 1000 / clock.TimestampFrequency;
    }

    private async Task Send(HttpRequestMessage request, CancellationToken cancel)
    {
        using (request)
        {
            var start = clock.GetTimestamp();
            using var response = await client.SendAsync(request, cancel);
            await response.Content.CopyToAsync(Stream.Null, cancel);
            var time = clock.GetTimestamp() - start;
            lock (times)
            {
                times.Add(time);
                Failed += response.IsSuccessStatusCode ? 0 : 1;
            }
        }
    }
}
