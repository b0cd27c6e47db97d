using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Accounts.Mail;
using Portal.Data;
using Portal.Data.Payments;

namespace Portal.Payments.Disputes;

/// <summary>
/// Writes to the staff when a dispute is opened, and again when the bank will soon take no more evidence and none was sent; and to those who manage the
/// account's billing when a lost one has left it owing something.
/// </summary>
public sealed class DisputeAlerts(IDbContextFactory<PortalDb> databases, Letters letters, LetterLinks links, IStringLocalizer<DisputeMailText> text, TimeProvider time)
{
    private static readonly TimeSpan Soon = TimeSpan.FromDays(2);

    /// <summary>How long ago a dispute may have been lost and still be written about.</summary>
    private static readonly TimeSpan News = TimeSpan.FromDays(3);

    /// <returns>How many disputes wait for evidence.</returns>
    public async Task<int> Run(CancellationToken cancel = default)
    {
        var now = time.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancel);
        var open = await db.Disputes.AsNoTracking().Where(d => d.Status == DisputeStatus.NeedsResponse).OrderBy(d => d.OpenedAt)
            .Select(d => new { Dispute = d, Account = db.Accounts.Where(a => a.Id == d.AccountId).Select(a => a.Name).First() }).ToListAsync(cancel);
        foreach (var row in open)
        {
            var due = row.Dispute.DueAt;
            await letters.ToStaff(db, $"dispute.opened:{row.Dispute.Id}", now, () => Words("Opened", row.Dispute, row.Account), cancel);
            if (due > now && due - now <= Soon) await letters.ToStaff(db, $"dispute.due:{row.Dispute.Id}", now, () => Words("Due", row.Dispute, row.Account), cancel);
        }
        var since = now - News;
        var lost = await db.Disputes.AsNoTracking().Where(d => d.Status == DisputeStatus.Lost && d.SpentNanos > 0 && d.ClosedAt >= since)
            .Select(d => new { Dispute = d, Account = db.Accounts.Where(a => a.Id == d.AccountId).Select(a => a.Name).First() }).ToListAsync(cancel);
        foreach (var row in lost)
        {
            // What came in since the dispute was opened may have paid it already.
            var owed = await DisputeDebt.Owed(db, row.Dispute.AccountId, cancel);
            if (owed == Money.Zero) continue;
            object[] arguments = [row.Account, new Money(row.Dispute.AmountNanos).ToTwoDecimals(), owed.CeilingToMinorUnits().ToTwoDecimals()];
            await letters.ToBilling(db, row.Dispute.AccountId, $"dispute.lost:{row.Dispute.Id}", now, () => new LetterWords(
                text["LostSubject", arguments], [text["Lost", arguments], text["LostNext"]], (text["LostButton"], links.To("billing"))), cancel);
        }
        await db.SaveChangesAsync(cancel);
        return open.Count;
    }

    private LetterWords Words(string mail, Dispute dispute, string account)
    {
        object[] arguments = [new Money(dispute.AmountNanos).ToTwoDecimals(), account, dispute.DueAt?.ToString("yyyy-MM-dd HH:mm 'UTC'", System.Globalization.CultureInfo.InvariantCulture) ?? "-", dispute.Reason];
        return new LetterWords(text[$"{mail}Subject", arguments], [text[mail, arguments], text["Next", arguments]]);
    }
}
