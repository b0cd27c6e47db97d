using Portal.Catalog;
using Portal.Data.Prompts;

namespace Portal.Prompts.Batches.Work;

/// <summary>When lines of batches may run: when nobody waits for an answer, in the price list's off-peak hours, and in the last half of a batch's window.</summary>
public sealed class BatchHours(CatalogReader catalogue, PromptRunner runner, TimeProvider clock)
{
    /// <summary>Whether they may run even while others wait.</summary>
    internal async Task<bool> AreNow(Batch batch, CancellationToken cancel) => batch.CreatedAt <= UrgentFrom || await AreNow(cancel);

    /// <summary>Whether any batch's lines may.</summary>
    internal async Task<bool> AreNow(CancellationToken cancel)
    {
        var context = new PriceContext(false, 0, false, clock.GetUtcNow());
        return (await catalogue.RateCard(cancel)).Factors
            .Exists(f => f.Multiplier < 1 && FactorConditions.HoursOf(f.Condition) is not null && FactorConditions.Applies(f.Condition, context));
    }

    /// <summary>Who came by then is in the last half of its window.</summary>
    internal DateTimeOffset UrgentFrom => clock.GetUtcNow() - BatchDesk.WindowLength / 2;

    /// <summary>Whether nobody but batches asks this node's models anything.</summary>
    internal bool NobodyWaits => !runner.IsAsked;
}
