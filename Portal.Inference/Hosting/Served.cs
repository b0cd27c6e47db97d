using Portal.Inference.Text;

namespace Portal.Inference.Hosting;

/// <summary>What the engine's failures count as.</summary>
internal static class Served
{
    /// <summary>The next piece; a failure of the engine itself is counted before it goes on to the caller.</summary>
    /// <exception cref="ModelUnloadedException">The model was let go before the answer was complete.</exception>
    public static async ValueTask<bool> Next<T>(string modelId, IAsyncEnumerator<T> pieces, ModelCounters.Request counted, ModelUse use)
    {
        try
        {
            return await pieces.MoveNextAsync();
        }
        catch (ModelFailedException) when (use.Closed)
        {
            // It was not the engine that ended the answer.
            throw new ModelUnloadedException(modelId);
        }
        catch (Exception e) when (e is not (OperationCanceledException or ModelBusyException or PromptTooLongException or PromptUnfitException or ArgumentException) && !use.Closed)
        {
            counted.Failed(e);
            throw;
        }
    }
}
