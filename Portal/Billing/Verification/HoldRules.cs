using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Verification;

/// <summary>A hold's state is what became of its transfers, and none outlives its time.</summary>
internal static class HoldRules
{
    /// <param name="overdue">Open holds that ended before this are abandoned.</param>
    public static async Task<IEnumerable<Finding>> Check(PortalDb db, DateTimeOffset overdue, CancellationToken cancel) =>
        [.. await States(db, cancel), .. await Orphans(db, cancel), .. await Overdue(db, overdue, cancel)];

    private static async Task<IEnumerable<Finding>> States(PortalDb db, CancellationToken cancel)
    {
        var wrong = await db.Holds
            .Where(h => (h.State == HoldState.Open) != (h.ResolvedAt == null)
                || db.Transfers.Any(p => p.HoldId == h.Id && p.Kind == TransferKind.Pending
                    && (h.State == HoldState.Open) == db.Transfers.Any(r => r.HoldId == p.HoldId && r.Part == p.Part && r.Kind > TransferKind.Pending))
                || db.Transfers.Any(r => r.HoldId == h.Id && r.Kind > TransferKind.Pending
                    && ((r.Kind == TransferKind.Post && h.State != HoldState.Posted)
                        || (r.Kind == TransferKind.Void && h.State != HoldState.Posted && h.State != HoldState.Voided)
                        || (r.Kind == TransferKind.Expire && h.State != HoldState.Expired))))
            .OrderBy(h => h.CreatedAt).Select(h => new { h.Id, h.State, h.ResolvedAt }).ToListAsync(cancel);
        return wrong.Select(h => new Finding("hold.state", $"Holds {h.Id}", $"it says {h.State}, resolved {h.ResolvedAt?.ToString("u") ?? "never"}; its transfers say otherwise"));
    }

    private static async Task<IEnumerable<Finding>> Orphans(PortalDb db, CancellationToken cancel)
    {
        var wrong = await db.Transfers
            .Where(t => t.HoldId == null ? t.Kind != TransferKind.Immediate : !db.Holds.Any(h => h.Id == t.HoldId && h.WalletId == t.WalletId))
            .OrderBy(t => t.Id).Select(t => new { t.Id, t.Kind, t.HoldId }).ToListAsync(cancel);
        return wrong.Select(t => new Finding("hold.missing", $"Transfers {t.Id}", $"the {t.Kind} belongs to no hold of its wallet ({t.HoldId?.ToString() ?? "none"})"));
    }

    private static async Task<IEnumerable<Finding>> Overdue(PortalDb db, DateTimeOffset overdue, CancellationToken cancel)
    {
        var wrong = await db.Holds.Where(h => h.State == HoldState.Open && h.ExpiresAt < overdue).OrderBy(h => h.ExpiresAt)
            .Select(h => new { h.Id, h.ExpiresAt }).ToListAsync(cancel);
        return wrong.Select(h => new Finding("hold.overdue", $"Holds {h.Id}", $"open although its time ran out at {h.ExpiresAt:u}"));
    }
}
