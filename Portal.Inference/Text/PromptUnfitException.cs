namespace Portal.Inference.Text;

/// <summary>The model's chat template refuses these messages, as many refuse a system message or two of one role in a row. Nothing was generated.</summary>
public sealed class PromptUnfitException(string modelId, Exception cause) : Exception($"The chat template of model '{modelId}' refuses the messages.", cause);
