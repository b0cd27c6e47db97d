using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Data.Support;

namespace Portal.Accounts.Budgets;

/// <summary>
/// Shows and sets the most that an account, its projects, keys and members may use. For those who manage its billing; a member may limit their own
/// keys, and limit them further, and sees what limits their own seat.
/// </summary>
public sealed class BudgetDesk(IDbContextFactory<PortalDb> databases, LedgerWriter ledger, TimeProvider clock)
{
    /// <summary>What the caller may see, lifted budgets included: they count on.</summary>
    public async Task<IReadOnlyList<BudgetView>> Read(Caller caller, CancellationToken cancel = default)
    {
        await using var db = databases.CreateDbContext();
        var all = await BudgetReader.OfAccount(db, caller.AccountId, clock.GetUtcNow(), cancel);
        if (caller.ManagesBilling || all.Count == 0)
        {
            return all;
        }

        var keys = await db.ApiKeys.Where(k => k.AccountId == caller.AccountId && k.MembershipId == caller.MembershipId).Select(k => k.Id).ToListAsync(cancel);
        return [.. all.Where(b => b.SubjectId == caller.MembershipId || keys.Contains(b.SubjectId))];
    }

    /// <param name="subjectId">The account, or one of its projects, keys or seats in use.</param>
    /// <param name="limit">Nanos, tokens or images; 0 allows nothing, null lifts the budget. What was counted stays.</param>
    public async Task<Outcome<Done>> Set(
        Caller caller, Guid subjectId, CapMeter meter, CapWindow window, long? limit, CancellationToken cancel = default) => caller.ReadOnly ? Refusal.ReadOnly : await ledger.Run<Done>(
        async transaction =>
        {
            if (await transaction.Lock(caller.AccountId, cancel) is null)
            {
                return Refusal.NotFound;
            }

            var db = transaction.Db;
            if (!(await Limited(db, caller, subjectId, cancel)).IsDone(out var refusal, out var limited))
            {
                return refusal;
            }

            if (!Enum.IsDefined(meter) || !Enum.IsDefined(window) || (limit is { } most && !BudgetLimit.Fits(meter, most)))
            {
                return BudgetLimit.Unfit(meter);
            }

            var before = await db.Caps.AsNoTracking()
                .Where(c => c.WalletId == caller.AccountId && c.SubjectId == subjectId && c.Meter == meter && c.Window == window)
                .Select(c => c.Limit).FirstOrDefaultAsync(cancel);
            if (before == limit)
            {
                return default(Done);
            }

            if (!limited.Manages && before is { } set && !(limit <= set))
            {
                return new Refusal("budget.raise");
            }

            if (!(await transaction.Apply(new SetCap(caller.AccountId, subjectId, meter, window, limit), cancel)).IsDone(out var wrong))
            {
                return wrong;
            }

            db.AuditEntries.Add(new AuditEntry
            {
                At = transaction.Now, PersonId = caller.PersonId, AccountId = caller.AccountId, Action = limit is null ? "budget.lifted" : "budget.set",
                Subject = $"{subjectId}", Detail = $"{limited.Name}: {Words(meter, before)} → {Words(meter, limit)}, {window.ToString().ToLowerInvariant()}",
            });
            return default(Done);
        },
        cancel);

    /// <summary>What the budget is of, for the audit; decided on rows of the command's own transaction.</summary>
    private static async Task<Outcome<(string Name, bool Manages)>> Limited(PortalDb db, Caller caller, Guid subjectId, CancellationToken cancel)
    {
        var role = await db.Memberships.Where(m => m.Id == caller.MembershipId && m.AccountId == caller.AccountId && m.RemovedAt == null)
            .Select(m => (MemberRole?)m.Role).FirstOrDefaultAsync(cancel);
        if (role is null || caller.ApiKeyId is not null)
        {
            return Refusal.Forbidden;
        }

        var manages = role != MemberRole.Member;
        if (subjectId == caller.AccountId)
        {
            return manages ? ("account", manages) : Refusal.Forbidden;
        }

        var found = await db.ApiKeys.Where(k => k.Id == subjectId && k.AccountId == caller.AccountId && k.RevokedAt == null && (manages || k.MembershipId == caller.MembershipId))
            .Select(k => $"key {k.Prefix}… {k.Name}").FirstOrDefaultAsync(cancel);
        if (found is null && manages)
        {
            found = await db.Projects.Where(p => p.Id == subjectId && p.AccountId == caller.AccountId && p.ArchivedAt == null)
                .Select(p => $"project {p.Name}").FirstOrDefaultAsync(cancel)
                ?? await db.Memberships.Where(m => m.Id == subjectId && m.AccountId == caller.AccountId && m.RemovedAt == null)
                .Select(m => $"member {m.Person.Email}").FirstOrDefaultAsync(cancel);
        }

        return found is null ? Refusal.NotFound : (found, manages);
    }

    private static string Words(CapMeter meter, long? limit) =>
        limit is { } most ? $"{BudgetLimit.Write(meter, most)} {(meter == CapMeter.Money ? "yuan" : meter.ToString().ToLowerInvariant())}" : "no limit";
}
