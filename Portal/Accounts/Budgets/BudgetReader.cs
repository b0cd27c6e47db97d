using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Billing.Subscriptions;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Accounts.Budgets;

/// <summary>An account's budgets with what the ledger has counted in them.</summary>
public static class BudgetReader
{
    /// <summary>Budgets of what is in use, lifted ones included, by what they limit.</summary>
    public static async Task<IReadOnlyList<BudgetView>> OfAccount(PortalDb db, Guid accountId, DateTimeOffset now, CancellationToken cancel)
    {
        var caps = await db.Caps.AsNoTracking().Where(c => c.WalletId == accountId).ToListAsync(cancel);
        if (caps.Count == 0)
        {
            return [];
        }

        var account = await db.Accounts.AsNoTracking().Where(a => a.Id == accountId).Select(a => new { a.Name, a.TimeZone }).SingleAsync(cancel);
        var period = await db.Subscriptions.AsNoTracking().Where(Entitlements.At(now)).Where(s => s.AccountId == accountId)
            .Select(s => new { s.PeriodStart, s.PeriodEnd }).FirstOrDefaultAsync(cancel);
        var windows = UsageWindows.At(now, LocalDays.Zone(account.TimeZone), period?.PeriodStart, period?.PeriodEnd);
        var counters = await db.Counters.AsNoTracking().Where(c => c.WalletId == accountId && c.Key.StartsWith("cap:")).ToDictionaryAsync(c => c.Key, cancel);
        var subjects = await Subjects(db, accountId, cancel);
        subjects[accountId] = (BudgetScope.Account, account.Name);
        return
        [
            .. from cap in caps
               where subjects.ContainsKey(cap.SubjectId)
               let subject = subjects[cap.SubjectId]
               let counter = windows.CounterOf(cap.SubjectId, cap.Meter, cap.Window)
               let count = counters.GetValueOrDefault(counter)
               orderby subject.Scope, subject.Name, cap.SubjectId, cap.Window, cap.Meter
               select new BudgetView(
                   cap.SubjectId, subject.Scope, subject.Name, cap.Meter, cap.Window, cap.Limit, count?.Used ?? 0, count?.Held ?? 0, windows.EndOf(cap.Window), counter),
        ];
    }

    private static async Task<Dictionary<Guid, (BudgetScope Scope, string Name)>> Subjects(PortalDb db, Guid accountId, CancellationToken cancel)
    {
        // Those that have a budget, not all of a large organisation.
        var limited = db.Caps.Where(c => c.WalletId == accountId).Select(c => c.SubjectId);
        var found = new Dictionary<Guid, (BudgetScope, string)>();
        foreach (var p in await db.Projects.Where(p => p.AccountId == accountId && p.ArchivedAt == null && limited.Contains(p.Id)).Select(p => new { p.Id, p.Name }).ToListAsync(cancel))
        {
            found[p.Id] = (BudgetScope.Project, p.Name);
        }

        foreach (var k in await db.ApiKeys.Where(k => k.AccountId == accountId && k.RevokedAt == null && limited.Contains(k.Id)).Select(k => new { k.Id, k.Name }).ToListAsync(cancel))
        {
            found[k.Id] = (BudgetScope.Key, k.Name);
        }

        foreach (var m in await db.Memberships.Where(m => m.AccountId == accountId && m.RemovedAt == null && limited.Contains(m.Id))
            .Select(m => new { m.Id, DisplayName = m.AcceptedAt >= m.CreatedAt ? m.Person.DisplayName : "", m.Person.Email }).ToListAsync(cancel))
        {
            found[m.Id] = (BudgetScope.Seat, m.DisplayName.Length == 0 ? m.Email! : m.DisplayName);
        }

        return found;
    }
}
