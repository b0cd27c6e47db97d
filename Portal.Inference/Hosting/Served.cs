namespace Portal.Inference.Hosting;

/// <summary>What the engine's failures count as.</summary>
internal static class Served
{
    /// <summary>The next piece; a failure of the engine itself is counted before it goes on to the caller.</summary>
    public static async ValueTask<bool> Next<T>(IAsyncEnumerator<T> pieces, ModelCounters.Request counted, ModelUse use)
    {
        try
        {
            return await pieces.MoveNextAsync();
        }
        catch (Exception e) when (e is not (OperationCanceledException or ModelBusyException or PromptTooLongException or ArgumentException) && !use.Closed)
        {
            // Of a model that is being unloaded it was not the engine that ended the answer.
            counted.Failed(e);
            throw;
        }
    }
}
