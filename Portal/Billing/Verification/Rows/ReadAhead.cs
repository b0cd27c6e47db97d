using System.Collections.Concurrent;

namespace Portal.Billing.Verification.Rows;

/// <summary>Rows that another thread reads some batches ahead.</summary>
internal static class ReadAhead
{
    // Small enough for the heap of small objects.
    private const int BatchSize = 512;
    private const int Batches = 32;

    public static IEnumerable<T> Of<T>(IEnumerable<T> rows)
    {
        using var ready = new BlockingCollection<List<T>>(Batches);
        using var stop = new CancellationTokenSource();
        var reading = Task.Run(() => Read(rows, ready, stop.Token), CancellationToken.None);
        try
        {
            foreach (var batch in ready.GetConsumingEnumerable())
            {
                foreach (var row in batch)
                {
                    yield return row;
                }
            }

            // What stopped it, if it was not the last row.
            reading.GetAwaiter().GetResult();
        }
        finally
        {
            // Whoever has not read to the end wants no more; the connection must be at rest before it is closed.
            stop.Cancel();
            ((IAsyncResult)reading).AsyncWaitHandle.WaitOne();
        }
    }

    private static void Read<T>(IEnumerable<T> rows, BlockingCollection<List<T>> ready, CancellationToken stop)
    {
        try
        {
            var batch = new List<T>(BatchSize);
            foreach (var row in rows)
            {
                batch.Add(row);
                if (batch.Count == BatchSize)
                {
                    ready.Add(batch, stop);
                    batch = new List<T>(BatchSize);
                }
            }

            ready.Add(batch, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
        finally
        {
            ready.CompleteAdding();
        }
    }
}
