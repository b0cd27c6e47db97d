namespace Portal.Inference;

/// <summary>The engine failed while it worked on a request, or was shut down. What was delivered before is valid.</summary>
public sealed class ModelFailedException(string modelId, Exception? cause = null) : Exception($"Model '{modelId}' stopped working on the request.", cause);
