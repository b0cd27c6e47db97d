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

    /// <summary>The account's rules; the missing ones are made. Several may ask at once: the account's row decides who makes them.</summary>
    public static async Task<List<AlertRule>> Ensure(PortalDb db, Guid accountId, DateTimeOffset now, CancellationToken cancel)
    {
        var rules = await Read(db, accountId, cancel);
        if (rules.Count > 0)
        {
            return rules;
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await db.Accounts.Where(a => a.Id == accountId).ExecuteUpdateAsync(set => set.SetProperty(a => a.Name, a => a.Name), cancel);
        rules = await Read(db, accountId, cancel);
        if (rules.Count == 0)
        {
            rules =
            [
                new AlertRule { Id = Guid.CreateVersion7(now), AccountId = accountId, Kind = AlertKind.LowBalance, Threshold = LowBalanceDefault },
                new AlertRule { Id = Guid.CreateVersion7(now), AccountId = accountId, Kind = AlertKind.QuotaShare, Threshold = QuotaShareDefault },
            ];
            db.AlertRules.AddRange(rules);
            await db.SaveChangesAsync(cancel);
        }

        await transaction.CommitAsync(cancel);
        return rules;
    }

    /// <summary>Whether the condition of a rule holds. Who never had money did not run low.</summary>
    public static bool Reached(AlertKind kind, decimal threshold, AlertMeasures measures) => kind switch
    {
        AlertKind.LowBalance => measures.HadMoney && measures.Money.Amount < threshold,
        AlertKind.QuotaShare => measures.Quotas.Any(q => q.UsedShare >= threshold),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private static Task<List<AlertRule>> Read(PortalDb db, Guid accountId, CancellationToken cancel) =>
        db.AlertRules.AsNoTracking().Where(r => r.AccountId == accountId).OrderBy(r => r.Kind).ToListAsync(cancel);
}
