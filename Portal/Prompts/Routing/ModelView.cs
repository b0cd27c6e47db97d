using Portal.Data;
using Portal.Inference;

namespace Portal.Prompts.Routing;

/// <summary>A model as the models page shows it.</summary>
/// <param name="Price">Of a thousand tokens or of a standard picture, without tiers and factors; null: it has no rate and refuses prompts.</param>
/// <param name="OwnPrice">It has a rate of its own, and not the one of all models.</param>
/// <param name="Aliases">That lead to it.</param>
public sealed record ModelView(ModelReport Report, Money? Price, bool OwnPrice, IReadOnlyList<string> Aliases);
