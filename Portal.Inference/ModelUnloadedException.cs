namespace Portal.Inference;

/// <summary>The model was unloaded between being chosen and being asked. Nothing was generated.</summary>
public sealed class ModelUnloadedException(string modelId) : Exception($"Model '{modelId}' was unloaded.");
