namespace Portal.Prompts.Pictures;

/// <summary>A picture that is drawn in fewer steps than usual because its model is busy.</summary>
/// <param name="Steps">It is held and charged by these.</param>
/// <param name="Usual">Without the load.</param>
public sealed record DegradedSteps(int Steps, int Usual);
