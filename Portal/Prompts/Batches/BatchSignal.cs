namespace Portal.Prompts.Batches;

/// <summary>Tells this node's worker at once that there is something to do; other nodes find it at their next look.</summary>
public sealed class BatchSignal : IDisposable
{
    private readonly SemaphoreSlim bell = new(0, 1);

    public void Ring()
    {
        try
        {
            bell.Release();
        }
        catch (SemaphoreFullException)
        {
            // It rings already.
        }
    }

    public void Dispose() => bell.Dispose();

    internal Task Wait(CancellationToken cancel) => bell.WaitAsync(cancel);
}
