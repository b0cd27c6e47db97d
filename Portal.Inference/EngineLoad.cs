namespace Portal.Inference;

/// <summary>How busy a model's engine is at this moment.</summary>
/// <param name="Waiting">Requests in each lane's queue, in the lanes' order.</param>
/// <param name="Active">Requests in the batch.</param>
/// <param name="Places">Requests that the batch has room for.</param>
/// <param name="CacheBytes">Memory of the key-value cache; 0 of image models.</param>
/// <param name="QueueMax">Requests that each lane's queue has room for.</param>
public sealed record EngineLoad(IReadOnlyList<int> Waiting, int Active, int Places, long CacheBytes, int QueueMax);
