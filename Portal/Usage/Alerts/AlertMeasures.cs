using Microsoft.EntityFrameworkCore;
using Portal.Accounts.Budgets;
using Portal.Data;

namespace Portal.Usage.Alerts;

/// <summary>What the rules of an account are held against.</summary>
/// <param name="Money">What is left to spend, open holds not taken off: what a running prompt reserves for a moment is no reason to write.</param>
/// <param name="Budgets">Those with a limit; one of nothing is a closed door and never almost used.</param>
/// <param name="HadMoney">Money was there before: an account that nobody topped up yet is not low.</param>
internal sealed record AlertMeasures(Money Money, bool HadMoney, IReadOnlyList<QuotaState> Quotas, IReadOnlyList<BudgetView> Budgets)
{
    public static async Task<AlertMeasures> Read(PortalDb db, Guid accountId, DateTimeOffset now, CancellationToken cancel)
    {
        var money = await db.LedgerAccounts.AsNoTracking().Where(a => a.WalletId == accountId && a.Unit == Unit.Money && a.Floor != null)
            .Select(a => new { Left = a.Balance - a.Floor!.Value, a.ExpiresAt }).ToListAsync(cancel);
        var left = money.Where(a => a.ExpiresAt is null || a.ExpiresAt > now).Aggregate(Money.Zero, (sum, a) => sum + new Money(a.Left));
        return new AlertMeasures(left, money.Count > 0, await QuotaReader.OfAccount(db, accountId, now, cancel),
            [.. (await BudgetReader.OfAccount(db, accountId, now, cancel)).Where(b => b.Limit > 0)]);
    }
}
