namespace Portal.Inference.Text;

/// <summary>A parameter's value and what it may be, both ends included.</summary>
/// <param name="Name">As callers of the API write it.</param>
public sealed record ParameterRange(string Name, double Value, double Min, double Max);
