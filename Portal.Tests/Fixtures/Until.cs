namespace Portal.Tests.Fixtures;

/// <summary>Waits for a condition of another process or thread that nobody announces.</summary>
public static class Until
{
    // Only a test that fails waits this long: it tells a machine that is busy from one that is wrong.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <exception cref="TimeoutException">The condition did not come true in two minutes; the message says which.</exception>
    public static async Task TrueAsync(string what, Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(25));
        while (!await condition())
        {
            try
            {
                await look.WaitForNextTickAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"Waited {Patience.TotalSeconds} s in vain: {what}.");
            }
        }
    }
}
