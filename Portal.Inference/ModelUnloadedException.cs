namespace Portal.Inference;

/// <summary>The model was unloaded before the answer was complete, or begun. What was delivered before is valid.</summary>
public sealed class ModelUnloadedException(string modelId) : Exception($"Model '{modelId}' was unloaded.");
