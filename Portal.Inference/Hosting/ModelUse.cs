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

    /// <summary>Lets somebody in, who owes a <see cref="Leave"/>.</summary>
    /// <exception cref="ModelUnloadedException">It is closed.</exception>
    public void Enter(string modelId)
    {
        lock (sync)
        {
            if (Closed) throw new ModelUnloadedException(modelId);
            users++;
        }
    }

    /// <summary>What takes no longer than a call.</summary>
    /// <exception cref="ModelUnloadedException">It is closed.</exception>
    public T During<T>(string modelId, Func<T> work)
    {
        Enter(modelId);
        try
        {
            return work();
        }
        finally
        {
            Leave();
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
