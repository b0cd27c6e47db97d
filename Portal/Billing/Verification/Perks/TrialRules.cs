using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Verification.Perks;

/// <summary>Trial credit was granted once to whom it was decided for, and once a mailbox.</summary>
internal static class TrialRules
{
    /// <param name="since">From when on the transfers were read; null: all were.</param>
    public static async Task<IEnumerable<Finding>> Check(PortalDb db, IEnumerable<PerkTransfer> perks, DateTimeOffset? since, CancellationToken cancel)
    {
        var claims = await db.TrialClaims.Where(c => c.GrantedNanos > 0)
            .Select(c => new { c.PersonId, c.AccountId, c.GrantedNanos, c.MailboxKey, c.DecidedAt }).ToDictionaryAsync(c => c.PersonId, cancel);
        var granted = perks.Where(p => p.Row.Code == TransferCodes.Trial).ToLookup(p => Guid.TryParse(p.Row.Reference, out var id) && claims.ContainsKey(id) ? id : Guid.Empty);
        var findings = granted[Guid.Empty].Select(p => new Finding("trial.unknown", $"Transfers {p.Row.Id}", $"grants {p.Row.Amount} nanos for '{p.Row.Reference}', for whom nothing was decided")).ToList();
        foreach (var claim in claims.Values)
        {
            var own = granted[claim.PersonId].ToList();
            var fits = claim.DecidedAt < since
                ? own.Count == 0
                : own is [var one] && one.Row.Amount == claim.GrantedNanos && one.Row.WalletId == claim.AccountId && one is { Debit: LedgerCodes.Issued, Credit: LedgerCodes.CreditGranted };
            if (!fits)
            {
                findings.Add(new Finding("trial.credit", $"TrialClaims {claim.PersonId}", $"says {claim.GrantedNanos} nanos, {own.Count} transfers grant {own.Sum(p => (decimal)p.Row.Amount)}"));
            }
        }

        return
        [
            .. findings,
            .. claims.Values.GroupBy(c => c.MailboxKey).Where(g => g.Count() > 1).Select(g => new Finding("trial.mailbox", $"TrialClaims {g.First().PersonId}", $"one mailbox was granted {g.Count()} times")),
        ];
    }
}
