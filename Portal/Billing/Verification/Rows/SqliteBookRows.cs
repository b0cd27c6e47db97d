using Microsoft.Data.Sqlite;
using Portal.Billing.Ledger.Rows;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Verification.Rows;

/// <summary>In the order in which the rows were written, which is how they lie in the file.</summary>
internal sealed class SqliteBookRows(SqliteConnection connection) : BookRows
{
    private const string TransferText = """
        SELECT "Id", "WalletId", "Kind", "DebitId", "CreditId", "Amount", "At", "HoldId", "Part", CASE WHEN "Kind" = 0 THEN "Code" END, CASE WHEN "Kind" = 0 THEN "Reference" END
        FROM "Transfers" NOT INDEXED WHERE "At" >= ?1
        """;

    private const string HoldText = """
        SELECT "Id", "WalletId", "State", "CreatedAt", "ExpiresAt", "ResolvedAt", "Quote" IS NOT NULL, "Sources"
        FROM "Holds" NOT INDEXED WHERE "CreatedAt" >= ?1 OR "ResolvedAt" >= ?1 OR "State" = 0
        """;

    private const string UsageText = """
        SELECT "Id", "AccountId", "MembershipId", "Model", "Unit", "InputTokens", "OutputTokens", "Images", "CoveredUnits", "ChargedNanos", "At"
        FROM "UsageRecords" NOT INDEXED WHERE "At" >= ?1
        """;

    private const string HourText = """
        SELECT "AccountId", "Hour", "MembershipId", "Model", "Requests", "InputTokens", "OutputTokens", "Images", "CoveredUnits", "ChargedNanos"
        FROM "UsageHours" NOT INDEXED WHERE "Hour" >= ?1
        """;

    public override IEnumerable<TransferRow> Transfers(DateTimeOffset? since)
    {
        using var rows = Open(TransferText, since);
        while (rows.Read())
        {
            yield return new TransferRow(
                rows.Whole(0), rows.Id(1), (TransferKind)rows.Whole(2), rows.Whole(3), rows.Whole(4), rows.Whole(5), rows.Instant(6),
                rows.IsNull(7) ? null : rows.Id(7), (int)rows.Whole(8), rows.IsNull(9) ? null : rows.Text(9), rows.IsNull(10) ? null : rows.Text(10));
        }
    }

    public override IEnumerable<HoldRow> Holds(DateTimeOffset? since)
    {
        using var rows = Open(HoldText, since);
        while (rows.Read())
        {
            yield return new HoldRow(
                rows.Id(0), rows.Id(1), (HoldState)rows.Whole(2), rows.Instant(3), rows.IsNull(4) ? null : rows.Instant(4), rows.IsNull(5) ? null : rows.Instant(5),
                rows.Whole(6) != 0, rows.IsNull(7) ? null : rows.Text(7));
        }
    }

    public override IEnumerable<UsageRow> Usage(DateTimeOffset? since)
    {
        using var rows = Open(UsageText, since);
        while (rows.Read())
        {
            yield return new UsageRow(
                rows.Id(0), rows.Id(1), rows.Id(2), rows.Name(3), (Unit)rows.Whole(4), rows.Whole(5), rows.Whole(6), rows.Whole(7), rows.Whole(8), rows.Whole(9), rows.Instant(10));
        }
    }

    public override IEnumerable<HourRow> Hours(DateTimeOffset? since)
    {
        using var rows = Open(HourText, since);
        while (rows.Read())
        {
            yield return new HourRow(
                rows.Id(0), rows.Instant(1), rows.Id(2), rows.Name(3), rows.Whole(4), rows.Whole(5), rows.Whole(6), rows.Whole(7), rows.Whole(8), rows.Whole(9));
        }
    }

    private SqliteCursor Open(string sql, DateTimeOffset? since) => new(connection, sql, since is { } from ? LedgerTables.Micros(from) : long.MinValue);
}
