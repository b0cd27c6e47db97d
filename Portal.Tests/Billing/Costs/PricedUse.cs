using Portal.Billing.Ledger;
using Portal.Billing.Rating;
using Portal.Catalog;
using Portal.Data;

namespace Portal.Tests.Billing.Costs;

/// <summary>A prompt that is held and settled now, under the terms that the portal would charge.</summary>
internal static class PricedUse
{
    public static async Task UseAsync(
        LedgerWriter ledger, CatalogReader catalogue, TimeProvider time, Guid accountId, Guid membershipId, MeteredUsage usage, string? planKey = null, Func<PriceContext, PriceContext>? who = null)
    {
        var now = time.GetUtcNow();
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");
        var plan = planKey is null ? null : (await catalogue.Plans()).Single(p => p.Key == planKey);
        var context = new PriceContext(true, 0, false, TimeZoneInfo.ConvertTime(now, zone));
        var terms = (await catalogue.TermsFor(usage.Unit == Unit.Images ? "shapes" : "guide", usage.Unit, who?.Invoke(context) ?? context, plan)).Value;
        var id = Guid.CreateVersion7(now);
        var by = new Spender(Guid.NewGuid(), Guid.NewGuid(), membershipId, null);
        Assert.Null((await ledger.Apply(new HoldPrompt(
            accountId, id, by, false, usage, terms, UsageWindows.At(now, zone, null), now.AddMinutes(10), null))).Refusal);
        Assert.Null((await ledger.Apply(new SettlePrompt(accountId, id, usage, new PromptEnd("stop", 12)))).Refusal);
    }
}
