namespace Portal.Prompts.Routing.Canaries;

/// <summary>Names the resources beside this file.</summary>
public sealed class CanaryText;
