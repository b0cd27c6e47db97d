namespace Portal.Inference.Hosting;

/// <summary>Counts who uses a loaded model, so that it is let go only when nobody does.</summary>
internal sealed class ModelUse
{
    private readonly Lock sync = new();
    private readonly TaskCompletionSource empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int users;

    public int Users => Volatile.Read(ref users);

    /// <summary>Nobody new is let in.</summary>
    public bool Closed { get; private set; }

    /// <returns>False once it is closed; else <see cref="Leave"/> is owed.</returns>
    public bool TryEnter()
    {
        lock (sync)
        {
            users += Closed ? 0 : 1;
            return !Closed;
        }
    }

    public void Leave()
    {
        lock (sync)
        {
            users--;
            CompleteWhenEmpty();
        }
    }

    /// <summary>Lets nobody in any more; completes when the last one has left.</summary>
    public Task Close()
    {
        lock (sync)
        {
            Closed = true;
            CompleteWhenEmpty();
        }

        return empty.Task;
    }

    private void CompleteWhenEmpty()
    {
        if (Closed && users == 0)
        {
            empty.TrySetResult();
        }
    }
}
