using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Billing.Subscriptions.Periods;
using Portal.Catalog;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Data.Catalog;
using Portal.Data.Support;

namespace Portal.Billing.Subscriptions;

/// <summary>
/// Gives plans for some days for nothing, with their allowance: each plan once an account, once a person and once a mailbox, and never after it was paid.
/// </summary>
public sealed class TrialDesk(IDbContextFactory<PortalDb> databases, LedgerWriter ledger, TimeProvider clock)
{
    /// <summary>The keys of the plans on sale that the account can try.</summary>
    public async Task<IReadOnlySet<string>> Open(Caller caller, CancellationToken cancel = default)
    {
        if (!caller.ManagesBilling)
        {
            return new HashSet<string>();
        }

        await using var db = databases.CreateDbContext();
        var plans = await db.Plans.AsNoTracking().Where(p => p.RetiredAt == null && p.TrialDays > 0).ToListAsync(cancel);
        var open = new HashSet<string>();
        foreach (var plan in plans)
        {
            if (await WhyNot(db, caller, plan, clock.GetUtcNow(), cancel) is null)
            {
                open.Add(plan.Key);
            }
        }

        return open;
    }

    /// <summary>Begins a trial. Of a second click the trial that runs is the answer.</summary>
    public async Task<Outcome<PlanChange>> Begin(Caller caller, string planKey, CancellationToken cancel = default)
    {
        if (caller.WhyNot(Right.ManageBilling) is { } no) return no;
        try
        {
            return await ledger.Run<PlanChange>(transaction => Begin(transaction, caller, planKey, cancel), cancel);
        }
        catch (DbUpdateException raced) when (LedgerFailure.Of(raced) is null)
        {
            // The same person began it in another account in this moment.
            return new Refusal("trial.used");
        }
    }

    private static async Task<Outcome<PlanChange>> Begin(LedgerTransaction transaction, Caller caller, string planKey, CancellationToken cancel)
    {
        var db = transaction.Db;
        await transaction.Lock(caller.AccountId, cancel);
        if (await db.Plans.FirstOrDefaultAsync(p => p.Key == planKey && p.RetiredAt == null, cancel) is not { } plan)
        {
            return Refusal.NotFound;
        }

        var live = await PaidPeriod.Live(db, caller.AccountId, cancel);
        if (live is { Status: SubscriptionStatus.Trialing } && live.TrialPlan == planKey)
        {
            return new PlanChange(PlanChangeKind.Trial, live.Id, planKey, 0, live.PeriodStart, live.PeriodEnd, null);
        }

        if (await WhyNot(db, caller, plan, transaction.Now, cancel) is { } refusal)
        {
            return refusal;
        }

        // One after another, on every node: of two aliases of a mailbox the second sees the first.
        await db.Plans.Where(p => p.Id == plan.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.RetiredAt, p => p.RetiredAt), cancel);
        if (await IsAlias(db, caller, planKey, cancel))
        {
            return new Refusal("trial.used");
        }

        if (live is not null)
        {
            await PlanDesk.End(transaction, live, live.Status == SubscriptionStatus.Incomplete ? transaction.Now : live.PeriodEnd, cancel);
            await db.SaveChangesAsync(cancel);
        }

        var from = BillingPeriods.WholeSecond(transaction.Now);
        var to = from.AddDays(plan.TrialDays);

        // The first paid period begins at the anchor.
        var subscription = new Subscription
        {
            Id = Guid.CreateVersion7(transaction.Now), AccountId = caller.AccountId, PlanId = plan.Id, Anchor = to, TrialPlan = planKey, TrialPersonId = caller.PersonId,
        };
        db.Subscriptions.Add(subscription);
        var opened = await PaidPeriod.Open(transaction, new NewPeriod(subscription, plan, PlanExtras.None, PlanTerm.Monthly, null, from, to), cancel);
        if (!opened.IsDone(out var refused))
        {
            return refused;
        }

        db.AuditEntries.Add(new AuditEntry
        {
            At = transaction.Now, PersonId = caller.PersonId, AccountId = caller.AccountId, Action = "plan.tried", Subject = $"{subscription.Id:N}", Detail = plan.NameEn,
        });
        return new PlanChange(PlanChangeKind.Trial, subscription.Id, planKey, 0, from, to, null);
    }

    /// <summary>Whether somebody tried the plan whose address leads to the same mailbox.</summary>
    private static async Task<bool> IsAlias(PortalDb db, Caller caller, string planKey, CancellationToken cancel)
    {
        // Only the first letter is the same in every alias; a quoted name has it behind the mark.
        var mailbox = Mailbox.Of(caller.Email);
        var first = mailbox[..Math.Min(1, mailbox.Length)].ToUpperInvariant();
        var tried = db.Users.Where(u => u.Id != caller.PersonId && (u.NormalizedEmail!.StartsWith(first) || EF.Functions.Like(u.NormalizedEmail, "\"%"))
            && db.Subscriptions.Any(s => s.TrialPersonId == u.Id && s.TrialPlan == planKey));
        await foreach (var address in tried.Select(u => u.Email!).AsAsyncEnumerable().WithCancellation(cancel))
        {
            if (Mailbox.Of(address) == mailbox)
            {
                return true;
            }
        }

        return false;
    }

    private static async Task<Refusal?> WhyNot(PortalDb db, Caller caller, Plan plan, DateTimeOffset now, CancellationToken cancel)
    {
        if (plan.TrialDays == 0)
        {
            return Refusal.NotFound;
        }

        if (plan.Education && caller.AccountKind != AccountKind.Organisation)
        {
            return new Refusal("plan.organisation-only");
        }

        if (await PaidPeriod.Live(db, caller.AccountId, cancel) is { Status: not SubscriptionStatus.Incomplete } live && !live.HasRunOut(now))
        {
            return new Refusal("trial.has-plan");
        }

        var versions = db.Plans.Where(p => p.Key == plan.Key).Select(p => p.Id);
        return await db.Subscriptions.AnyAsync(s => s.TrialPlan == plan.Key && (s.AccountId == caller.AccountId || s.TrialPersonId == caller.PersonId), cancel)
            || await db.SubscriptionPeriods.AnyAsync(p => versions.Contains(p.PlanId) && db.Subscriptions.Any(s => s.Id == p.SubscriptionId && s.AccountId == caller.AccountId), cancel)
            ? new Refusal("trial.used")
            : null;
    }
}
