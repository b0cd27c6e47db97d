using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Accounts;
using Portal.Billing.Coupons;
using Portal.Billing.Ledger;
using Portal.Billing.Rating;
using Portal.Billing.Subscriptions;
using Portal.Catalog;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Catalog;
using Portal.Inference.Lanes;
using Portal.Prompts.Requests;
using Portal.Prompts.Routing;

namespace Portal.Prompts.Pricing;

/// <summary>Under which terms a caller's prompt is held and charged. Preview and hold both ask here.</summary>
public sealed class PromptPricing(IDbContextFactory<PortalDb> databases, CatalogReader catalogue, TimeProvider clock, IOptions<PromptsOptions> options) : IDisposable
{
    private readonly TermsReader terms = new(databases);

    public void Dispose() => terms.Dispose();

    /// <summary>The command that reserves the worst case, and the lane that the caller's plan gives.</summary>
    /// <param name="cached">The answer is there already.</param>
    /// <param name="quality">Of <see cref="QualityGrades"/>; null: the best.</param>
    public async Task<Outcome<PricedPrompt>> Price(Caller caller, PromptRequest request, ModelRoute route, MeteredUsage worstCase, bool cached = false, string? quality = null,
        CancellationToken cancel = default)
    {
        var now = clock.GetUtcNow();
        if (await terms.Read(caller.AccountId, now, cancel) is not { } account)
        {
            return Refusal.NotFound;
        }

        var subscription = account.Subscription is { } live && Entitlements.Gives(live, now) ? live : null;
        var plan = subscription is null ? null : await catalogue.Plan(subscription.PlanId, cancel);
        var zone = LocalDays.Zone(account.TimeZone);
        var local = TimeZoneInfo.ConvertTime(now, zone);
        var context = new PriceContext(
            !account.Postpaid, FactorConditions.ContractMonths(account.ContractMonths, subscription?.Term), account.Education || plan is { Education: true }, local, options.Value.Region)
        {
            Cached = cached, Quality = quality,
            Coupons = account.Coupons ? await Coupons(caller.AccountId, now, cancel) : [],
            PreviousVersion = route.IsPrevious, LightModel = route.IsLight && !MayWait(request), BatchLite = route.IsLight && MayWait(request), Batch = request.Batch,
        };
        var priced = CatalogReader.TermsFor(await catalogue.RateCard(account.RateCard, cancel), route.Model, worstCase.Unit, context, plan);
        return priced.IsDone(out var refusal)
            ? new PricedPrompt(LaneOf(request, plan, account.Pooled), new HoldPrompt(
                caller.AccountId, request.Id, new Spender(caller.ProjectId, caller.PersonId, caller.MembershipId, caller.ApiKeyId), caller.SeatOnly, worstCase,
                Named(priced.Value, route), UsageWindows.At(now, zone, subscription?.PeriodStart, subscription?.PeriodEnd), now.AddMinutes(options.Value.HoldMinutes),
                Concurrent(plan?.MaxConcurrent + subscription?.ExtraConcurrent, request.Batch)))
            : refusal;
    }

    /// <summary>How full a model's queue of pay-per-use must be before its pictures give way, in percent.</summary>
    public int DegradeAtPercent => options.Value.DegradeAtPercent;

    private async Task<IReadOnlyList<NamedFactor>> Coupons(Guid accountId, DateTimeOffset now, CancellationToken cancel)
    {
        await using var db = databases.CreateDbContext();
        return await AccountDiscounts.FactorsAt(db, accountId, now, cancel);
    }

    /// <summary>A batch leaves half of the plan's places to those who wait for their answers.</summary>
    private static int? Concurrent(int? most, bool batch) => batch && most is { } all ? Math.Max(1, all / 2) : most;

    private static bool MayWait(PromptRequest request) => request.Batch || request.Priority == Priority.Batch;

    private static Lane LaneOf(PromptRequest request, Plan? plan, bool pooled) => plan switch
    {
        _ when MayWait(request) => Lane.Batch,
        _ when pooled => Lane.Dedicated,
        null => Lane.PayPerUse,
        { Dedicated: DedicatedCapacity.Included } => Lane.Dedicated,
        _ => Lane.Subscription,
    };

    private static PriceTerms Named(PriceTerms terms, ModelRoute route) =>
        route.Alias is { } alias ? terms with { Factors = [.. terms.Factors, AliasFactor.Of(alias)] } : terms;
}
