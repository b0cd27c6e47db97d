using Portal.Data;

namespace Portal.Prompts.Routing;

/// <summary>What an administrator wants an alias to be.</summary>
/// <param name="Unit">Of text models tokens, of image models images.</param>
/// <param name="Canary">A model to try out; null or empty: none.</param>
/// <param name="CanaryPercent">From 1 to <see cref="AliasDesk.PercentMax"/>; not asked about without a canary.</param>
/// <param name="Version">That was shown when the change was made; 0: the alias is new.</param>
public sealed record AliasChange(Unit Unit, string Name, string Model, string? Canary, int CanaryPercent, int Version);
