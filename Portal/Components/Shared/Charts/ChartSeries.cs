namespace Portal.Components.Shared.Charts;

/// <summary>One named row of figures, one for each category of its chart.</summary>
/// <param name="Values">What is drawn.</param>
/// <param name="Texts">What is read: the same figures as a person writes them.</param>
public sealed record ChartSeries(string Name, IReadOnlyList<decimal> Values, IReadOnlyList<string> Texts);
