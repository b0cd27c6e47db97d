using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Usage;

namespace Portal.Usage.Alerts;

/// <summary>The rules that every account has from its first use on.</summary>
internal static class AlertRules
{
    /// <summary>Yuan.</summary>
    public const decimal LowBalanceDefault = 10m;

    /// <summary>Share of a quota.</summary>
    public const decimal QuotaShareDefault = 0.9m;

    /// <summary>Share of a budget: alerts.budget of facts/catalog.json.</summary>
    public const decimal BudgetShareDefault = 0.8m;

    private static readonly (AlertKind Kind, decimal Threshold)[] Defaults =
        [(AlertKind.LowBalance, LowBalanceDefault), (AlertKind.QuotaShare, QuotaShareDefault), (AlertKind.BudgetShare, BudgetShareDefault)];

    /// <summary>The account's rules; the missing ones are made. Several may ask at once: the account's row decides who makes them.</summary>
    public static async Task<List<AlertRule>> Ensure(PortalDb db, Guid accountId, DateTimeOffset now, CancellationToken cancel)
    {
        var rules = await Read(db, accountId, cancel);
        if (rules.Count == Defaults.Length)
        {
            return rules;
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await db.Accounts.Where(a => a.Id == accountId).ExecuteUpdateAsync(set => set.SetProperty(a => a.Name, a => a.Name), cancel);
        rules = await Read(db, accountId, cancel);
        var missing = Defaults.Where(d => rules.TrueForAll(r => r.Kind != d.Kind))
            .Select(d => new AlertRule { Id = Guid.CreateVersion7(now), AccountId = accountId, Kind = d.Kind, Threshold = d.Threshold }).ToList();
        db.AlertRules.AddRange(missing);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return [.. rules.Concat(missing).OrderBy(r => r.Kind)];
    }

    /// <summary>Whether the condition of a rule holds. Who never had money did not run low.</summary>
    public static bool Reached(AlertKind kind, decimal threshold, AlertMeasures measures) => kind switch
    {
        AlertKind.LowBalance => measures.HadMoney && measures.Money.Amount < threshold,
        AlertKind.QuotaShare => measures.Quotas.Any(q => q.UsedShare >= threshold),
        AlertKind.BudgetShare => measures.Budgets.Any(b => b.UsedShare >= threshold),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private static Task<List<AlertRule>> Read(PortalDb db, Guid accountId, CancellationToken cancel) =>
        db.AlertRules.AsNoTracking().Where(r => r.AccountId == accountId).OrderBy(r => r.Kind).ToListAsync(cancel);
}
