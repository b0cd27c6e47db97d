namespace Portal.Inference;

/// <summary>A model's queue is full. Nothing was generated; try again shortly.</summary>
public sealed class ModelBusyException(string modelId) : Exception($"The queue of model '{modelId}' is full.");
