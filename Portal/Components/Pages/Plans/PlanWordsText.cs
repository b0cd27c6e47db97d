namespace Portal.Components.Pages.Plans;

/// <summary>Names the resources beside this file.</summary>
public sealed class PlanWordsText;
