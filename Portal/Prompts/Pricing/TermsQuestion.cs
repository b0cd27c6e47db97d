using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using Portal.Billing.Ledger;
using Portal.Catalog;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;

namespace Portal.Prompts.Pricing;

/// <summary>
/// What a prompt's terms are read by, as one statement that its connection keeps prepared: to open a connection, to translate the question and to plan it
/// costs many times what the answer does. For one caller at a time.
/// </summary>
internal sealed class TermsQuestion : IAsyncDisposable, IDisposable
{
    private readonly PortalDb db;
    private readonly DbCommand command;
    private readonly RelationalTypeMapping ids;
    private readonly RelationalTypeMapping instants;

    private TermsQuestion(PortalDb db)
    {
        this.db = db;
        command = Of(db, Guid.Empty, DateTimeOffset.UnixEpoch).CreateDbCommand();
        var account = db.Model.FindEntityType(typeof(Account))!;
        ids = account.FindProperty(nameof(Account.Id))!.GetRelationalTypeMapping();
        instants = account.FindProperty(nameof(Account.CreatedAt))!.GetRelationalTypeMapping();
    }

    public static async Task<TermsQuestion> Open(IDbContextFactory<PortalDb> databases, CancellationToken cancel)
    {
        var db = databases.CreateDbContext();
        try
        {
            await db.Database.OpenConnectionAsync(cancel);
            var question = new TermsQuestion(db);
            if (!db.Database.IsSqlServer())
            {
                // SQL Server keeps plans by the statements' text.
                await question.command.PrepareAsync(cancel);
            }

            return question;
        }
        catch
        {
            await db.DisposeAsync();
            throw;
        }
    }

    /// <returns>Null: there is no such account.</returns>
    public async Task<PromptTerms?> Ask(Guid accountId, DateTimeOffset now, CancellationToken cancel)
    {
        // Every parameter is one of two: an instant, which is stored as a number, or the account's id, which is not.
        var (id, instant) = (Stored(ids, accountId), Stored(instants, now));
        foreach (DbParameter parameter in command.Parameters)
        {
            parameter.Value = parameter.Value is long ? instant : id;
        }

        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SingleRow, cancel);
        return await reader.ReadAsync(cancel)
            ? new PromptTerms(
                reader.GetBoolean(0), reader.GetInt32(1), reader.GetString(2), reader.GetBoolean(3), reader.GetBoolean(4), reader.GetBoolean(5), reader.GetInt32(6),
                reader.IsDBNull(7) ? null : SubscriptionIn(reader))
            : null;
    }

    public void Dispose()
    {
        command.Dispose();
        db.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await command.DisposeAsync();
        await db.DisposeAsync();
    }

    /// <summary>The columns in the order in which they are read.</summary>
    private static IQueryable<object> Of(PortalDb db, Guid accountId, DateTimeOffset now) =>
        from a in db.Accounts.AsNoTracking()
        where a.Id == accountId
        from s in db.Subscriptions.Where(s => s.AccountId == a.Id && s.Status != SubscriptionStatus.Canceled).DefaultIfEmpty()
        select new
        {
            a.Education, a.ContractMonths, a.TimeZone,
            Postpaid = db.LedgerAccounts.Any(l => l.WalletId == a.Id && l.Code == LedgerCodes.Postpaid && l.Floor < 0),
            Pooled = db.ComputePoolMembers.Any(m => m.AccountId == a.Id && m.AcceptedAt != null && db.ComputePools.Any(p => p.Id == m.PoolId && p.PeriodStart <= now && p.PeriodEnd > now)),
            Coupons = db.CouponRedemptions.Any(r => r.AccountId == a.Id && r.From <= now && r.Until > now),
            Card = CatalogReader.CardsAt(db, now).Select(c => c.Id).First(),
            PlanId = (int?)s!.PlanId, Status = (SubscriptionStatus?)s.Status, Term = (PlanTerm?)s.Term, Extra = (int?)s.ExtraConcurrent, CancelAtPeriodEnd = (bool?)s.CancelAtPeriodEnd,
            UnpaidTrial = (bool?)s.UnpaidTrial, Start = (DateTimeOffset?)s.PeriodStart, End = (DateTimeOffset?)s.PeriodEnd, s.TermEnd, s.PastDueSince,
        };

    private Subscription SubscriptionIn(DbDataReader row) => new()
    {
        PlanId = row.GetInt32(7), Status = (SubscriptionStatus)row.GetInt32(8), Term = (PlanTerm)row.GetInt32(9), ExtraConcurrent = row.GetInt32(10),
        CancelAtPeriodEnd = row.GetBoolean(11), UnpaidTrial = row.GetBoolean(12), PeriodStart = InstantIn(row, 13)!.Value, PeriodEnd = InstantIn(row, 14)!.Value,
        TermEnd = InstantIn(row, 15), PastDueSince = InstantIn(row, 16),
    };

    private DateTimeOffset? InstantIn(DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : (DateTimeOffset)instants.Converter!.ConvertFromProvider(row.GetInt64(column))!;

    private static object Stored(RelationalTypeMapping mapping, object value) => mapping.Converter is { } converter ? converter.ConvertToProvider(value)! : value;
}
