using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Accounts;
using Portal.Billing.Coupons;
using Portal.Billing.Ledger;
using Portal.Billing.Rating;
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
    public async Task<Outcome<PricedPrompt>> Price(Caller caller, PromptRequest request, ModelRoute route, MeteredUsage worstCase, bool cached = false, CancellationToken cancel = default)
    {
        await using var db = databases.CreateDbContext();
        var account = await db.Accounts.AsNoTracking().Where(a => a.Id == caller.AccountId)
            .Select(a => new
            {
                a.Education, a.ContractMonths, a.TimeZone,
                Postpaid = db.LedgerAccounts.Any(l => l.WalletId == a.Id && l.Code == LedgerCodes.Postpaid && l.Floor < 0),
            }).FirstOrDefaultAsync(cancel);
        if (account is null)
        {
            return Refusal.NotFound;
        }

        var subscription = await db.Subscriptions.AsNoTracking().Include(s => s.Plan)
            .FirstOrDefaultAsync(s => s.AccountId == caller.AccountId && s.Status == SubscriptionStatus.Active, cancel);
        var plan = subscription?.Plan;
        var now = clock.GetUtcNow();
        var zone = TimeZoneInfo.FindSystemTimeZoneById(account.TimeZone);
        var local = TimeZoneInfo.ConvertTime(now, zone);
        var context = new PriceContext(!account.Postpaid, account.ContractMonths, account.Education || plan is { Education: true }, local, options.Value.Region)
        {
            Cached = cached,
            Coupons = await AccountDiscounts.FactorsAt(db, caller.AccountId, now, cancel),
            PreviousVersion = route.IsPrevious, LightModel = route.IsLight && !MayWait(request), BatchLite = route.IsLight && MayWait(request), Batch = request.Batch,
        };
        var terms = await catalogue.TermsFor(route.Model, worstCase.Unit, context, plan, cancel);
        return terms.IsDone(out var refusal)
            ? new PricedPrompt(LaneOf(request, plan), new HoldPrompt(
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

    private static Lane LaneOf(PromptRequest request, Plan? plan) => plan switch
    {
        _ when MayWait(request) => Lane.Batch,
        null => Lane.PayPerUse,
        { Dedicated: DedicatedCapacity.Included } => Lane.Dedicated,
        _ => Lane.Subscription,
    };

    private static PriceTerms Named(PriceTerms terms, ModelRoute route) =>
        route.Alias is { } alias ? terms with { Factors = [.. terms.Factors, AliasFactor.Of(alias)] } : terms;
}
