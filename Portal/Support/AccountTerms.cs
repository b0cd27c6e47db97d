using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Support;

namespace Portal.Support;

/// <summary>What the operator has agreed with an account and its prices follow: proven education, and a contract's length.</summary>
public sealed class AccountTerms(IDbContextFactory<PortalDb> databases, TimeProvider clock)
{
    public const int MonthsMax = 120;

    /// <param name="contractMonths">From 0, no contract, to <see cref="MonthsMax"/>.</param>
    public async Task<Outcome<Done>> Set(Caller caller, Guid accountId, bool education, int contractMonths, CancellationToken cancel = default)
    {
        if (!caller.IsStaff)
        {
            return Refusal.NotFound;
        }

        if (contractMonths is < 0 or > MonthsMax)
        {
            return new Refusal("terms.months", $"{MonthsMax}");
        }

        await using var db = databases.CreateDbContext();
        if (!await db.Accounts.AnyAsync(a => a.Id == accountId, cancel))
        {
            return Refusal.NotFound;
        }

        // Only these columns, because the wallet's writers change the row at the same time; and only when they change, so that the audit tells of changes.
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var changed = await db.Accounts.Where(a => a.Id == accountId && (a.Education != education || a.ContractMonths != contractMonths))
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.Education, education).SetProperty(a => a.ContractMonths, contractMonths), cancel);
        if (changed == 1)
        {
            db.AuditEntries.Add(new AuditEntry
            {
                At = clock.GetUtcNow(), PersonId = caller.PersonId, AccountId = accountId, Action = "account.terms", Subject = $"{accountId}",
                Detail = $"education {(education ? "yes" : "no")}, contract {contractMonths} months",
            });
            await db.SaveChangesAsync(cancel);
        }

        await transaction.CommitAsync(cancel);
        return default(Done);
    }
}
