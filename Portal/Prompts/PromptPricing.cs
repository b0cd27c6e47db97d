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

namespace Portal.Prompts;

/// <summary>Under which terms a caller's prompt is held and charged. Preview and hold both ask here.</summary>
public sealed class PromptPricing(IDbContextFactory<PortalDb> databases, CatalogReader catalogue, TimeProvider clock, IOptions<PromptsOptions> options)
{
    /// <summary>The command that reserves the worst case, and the lane that the caller's plan gives.</summary>
    /// <param name="cached">The answer is there already.</param>
    /// <param name="quality">Of <see cref="QualityGrades"/>; null: the best.</param>
    public async Task<Outcome<PricedPrompt>> Price(Caller caller, PromptRequest request, ModelRoute route, MeteredUsage worstCase, bool cached = false, string? quality = null,
        CancellationToken cancel = default)
    {
        var now = clock.GetUtcNow();
        await using var db = databases.CreateDbContext();

        var running = db.Subscriptions.Where(Entitlements.At(now));

        // One question for all of it: every prompt waits for the answer.
        var account = await (
            from a in db.Accounts.AsNoTracking()
            where a.Id == caller.AccountId
            from s in running.Where(s => s.AccountId == a.Id).DefaultIfEmpty()
            select new
            {
                a.Education, a.ContractMonths, a.TimeZone, Subscription = s, s!.Plan,
                Postpaid = db.LedgerAccounts.Any(l => l.WalletId == a.Id && l.Code == LedgerCodes.Postpaid && l.Floor < 0),
                Pooled = db.ComputePools.Any(p => p.PeriodStart <= now && p.PeriodEnd > now && p.Members.Any(m => m.AccountId == a.Id && m.AcceptedAt != null)),
                Coupons = db.CouponRedemptions.Any(r => r.AccountId == a.Id && r.From <= now && r.Until > now),
                Card = CatalogReader.CardsAt(db, now).Select(c => c.Id).First(),
            }).FirstOrDefaultAsync(cancel);
        if (account is null)
        {
            return Refusal.NotFound;
        }

        var (subscription, plan) = (account.Subscription, account.Plan);
        var zone = LocalDays.Zone(account.TimeZone);
        var local = TimeZoneInfo.ConvertTime(now, zone);
        var context = new PriceContext(!account.Postpaid, subscription is { Term: not PlanTerm.Monthly } ? Math.Max(account.ContractMonths, Terms.Months) : account.ContractMonths, account.Education || plan is { Education: true }, local, options.Value.Region)
        {
            Cached = cached, Quality = quality,
            Coupons = account.Coupons ? await AccountDiscounts.FactorsAt(db, caller.AccountId, now, cancel) : [],
            PreviousVersion = route.IsPrevious, LightModel = route.IsLight && !MayWait(request), BatchLite = route.IsLight && MayWait(request), Batch = request.Batch,
        };
        var terms = CatalogReader.TermsFor(await catalogue.RateCard(account.Card, cancel), route.Model, worstCase.Unit, context, plan);
        return terms.IsDone(out var refusal)
            ? new PricedPrompt(LaneOf(request, plan, account.Pooled), new HoldPrompt(
                caller.AccountId, request.Id, new Spender(caller.ProjectId, caller.PersonId, caller.MembershipId, caller.ApiKeyId), caller.SeatOnly, worstCase,
                Named(terms.Value, route), UsageWindows.At(now, zone, subscription?.PeriodStart, subscription?.PeriodEnd), now.AddMinutes(options.Value.HoldMinutes),
                Concurrent(plan?.MaxConcurrent + subscription?.ExtraConcurrent, request.Batch)))
            : refusal;
    }

    /// <summary>How full a model's queue of pay-per-use must be before its pictures give way, in percent.</summary>
    public int DegradeAtPercent => options.Value.DegradeAtPercent;

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
