using Portal.Data.Prompts;

namespace Portal.Prompts.Routing;

/// <summary>An alias as the models page shows it.</summary>
/// <param name="Baseline">How its model has done since the canary began; null without a canary.</param>
/// <param name="Canary">How the canary has done; null without one.</param>
public sealed record AliasView(ModelAlias Alias, CanarySide? Baseline, CanarySide? Canary);
