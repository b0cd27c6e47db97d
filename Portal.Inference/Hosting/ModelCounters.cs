namespace Portal.Inference.Hosting;

/// <summary>Counts what a model does, for its operator and for <see cref="ModelMeter"/>. Safe for any number of threads.</summary>
internal sealed class ModelCounters(string id, TimeProvider clock)
{
    private const int LatestMax = 200;

    private readonly Lock sync = new();
    private readonly Queue<(TimeSpan First, TimeSpan Later, long Units)> latest = new();
    private long requests;
    private long failures;
    private int failuresInARow;
    private (string Reason, DateTimeOffset At)? lastFailure;
    private long inputTokens;
    private long outputTokens;
    private long pictures;

    public ModelFigures Figures
    {
        get
        {
            lock (sync)
            {
                var firsts = latest.Select(request => request.First).Order().ToList();
                var units = latest.Sum(request => request.Units);
                return new(
                    requests, failures, failuresInARow, lastFailure?.Reason, lastFailure?.At, inputTokens, outputTokens, pictures,
                    Share(firsts, 50), Share(firsts, 95), units == 0 ? null : latest.Aggregate(TimeSpan.Zero, (sum, request) => sum + request.Later) / units);
            }
        }
    }

    public Request Begin()
    {
        lock (sync)
        {
            requests++;
        }

        return new(this, clock);
    }

    private static TimeSpan? Share(List<TimeSpan> sorted, int percent) => sorted.Count == 0 ? null : sorted[(sorted.Count - 1) * percent / 100];

    /// <summary>One request: what came first, what came later, its end.</summary>
    internal sealed class Request(ModelCounters counters, TimeProvider clock)
    {
        private readonly long began = clock.GetTimestamp();
        private TimeSpan? first;
        private TimeSpan last;
        private long firstUnits;
        private long later;
        private long input;
        private long output;
        private long drawn;
        private bool failed;

        /// <summary>Tokens came, or steps.</summary>
        /// <param name="units">All of them so far.</param>
        public void Came(long units)
        {
            last = clock.GetElapsedTime(began);
            (first, firstUnits) = first is null ? (last, units) : (first, firstUnits);
            later = units - firstUnits;
        }

        /// <param name="inputTokens">So far.</param>
        /// <param name="outputTokens">So far.</param>
        public void Tokens(int inputTokens, int outputTokens) => (input, output) = (inputTokens, outputTokens);

        public void Picture() => drawn++;

        public void Failed(Exception cause)
        {
            failed = true;
            lock (counters.sync)
            {
                counters.failures++;
                counters.failuresInARow++;
                counters.lastFailure = ((cause.InnerException ?? cause).Message, clock.GetUtcNow());
            }
        }

        /// <summary>Whatever the end was, what was delivered counts.</summary>
        /// <param name="finished">The model had said, or drawn, everything.</param>
        public void End(bool finished)
        {
            lock (counters.sync)
            {
                counters.inputTokens += input;
                counters.outputTokens += output;
                counters.pictures += drawn;
                counters.failuresInARow = finished ? 0 : counters.failuresInARow;
                if (first is { } time)
                {
                    counters.latest.Enqueue((time, last - time, later));
                    while (counters.latest.Count > LatestMax)
                    {
                        counters.latest.Dequeue();
                    }
                }
            }

            ModelMeter.Ended(counters.Id, clock.GetElapsedTime(began), failed, first, last, later, input, output);
        }
    }

    private string Id => id;
}
