using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Data;
using Portal.Data.Payments;

namespace Portal.Payments.Disputes;

/// <summary>Writes to the staff when a dispute is opened, and again when the bank will soon take no more evidence and none was sent.</summary>
public sealed class DisputeAlerts(IDbContextFactory<PortalDb> databases, Letters letters, IStringLocalizer<DisputeMailText> text, TimeProvider time)
{
    private static readonly TimeSpan Soon = TimeSpan.FromDays(2);

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
        await db.SaveChangesAsync(cancel);
        return open.Count;
    }

    private LetterWords Words(string mail, Dispute dispute, string account)
    {
        object[] arguments = [new Money(dispute.AmountNanos).ToTwoDecimals(), account, dispute.DueAt?.ToString("yyyy-MM-dd HH:mm 'UTC'", System.Globalization.CultureInfo.InvariantCulture) ?? "-", dispute.Reason];
        return new LetterWords(text[$"{mail}Subject", arguments], [text[mail, arguments], text["Next", arguments]]);
    }
}
