using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Accounts;
using Portal.Billing.Coupons;
using Portal.Billing.Ledger;
using Portal.Billing.Rating;
using Portal.Catalog;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Prompts;

/// <summary>Under which terms a caller's prompt is held and charged. Preview and hold both ask here.</summary>
public sealed class PromptPricing(IDbContextFactory<PortalDb> databases, CatalogReader catalogue, TimeProvider clock, IOptions<PromptsOptions> options)
{
    /// <summary>The command that reserves the worst case.</summary>
    public async Task<Outcome<HoldPrompt>> Hold(Caller caller, Guid holdId, string model, MeteredUsage worstCase, CancellationToken cancel = default)
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
            Coupons = await AccountDiscounts.FactorsAt(db, caller.AccountId, now, cancel),
        };
        var terms = await catalogue.TermsFor(model, worstCase.Unit, context, plan, cancel);
        return terms.IsDone(out var refusal)
            ? new HoldPrompt(
                caller.AccountId, holdId, new Spender(caller.ProjectId, caller.PersonId, caller.MembershipId, caller.ApiKeyId), caller.SeatOnly, worstCase,
                terms.Value, UsageWindows.At(now, zone, subscription?.PeriodStart, subscription?.PeriodEnd), now.AddMinutes(options.Value.HoldMinutes),
                plan?.MaxConcurrent + subscription?.ExtraConcurrent)
            : refusal;
    }
}
