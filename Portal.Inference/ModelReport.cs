namespace Portal.Inference;

/// <summary>A model folder as an operator looks at it.</summary>
/// <param name="Since">When it came into its state.</param>
/// <param name="Busy">It is being loaded, reloaded or unloaded.</param>
/// <param name="Limit">Of text models the context in tokens; of image models the pixels of a side at most. 0 while it is not loaded.</param>
/// <param name="Running">Requests that use it.</param>
/// <param name="Figures">Since it was loaded last.</param>
/// <param name="Load">Null while it is not loaded.</param>
public sealed record ModelReport(ModelStatus Status, DateTimeOffset Since, bool Busy, int Limit, int Running, ModelFigures Figures, EngineLoad? Load);
