using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Billing.Verification.Rows;

/// <summary>The tables that grow with every charge, each read once from its first row to its last, about in the order of time.</summary>
internal abstract class BookRows
{
    /// <param name="since">Rows of before are left out; null: none is.</param>
    public abstract IEnumerable<TransferRow> Transfers(DateTimeOffset? since);

    /// <param name="since">Resolved before it: left out.</param>
    public abstract IEnumerable<HoldRow> Holds(DateTimeOffset? since);

    public abstract IEnumerable<UsageRow> Usage(DateTimeOffset? since);

    public abstract IEnumerable<HourRow> Hours(DateTimeOffset? since);

    /// <param name="db">With an open connection, which no other thread uses while rows are read.</param>
    public static BookRows Of(PortalDb db) => db is SqlitePortalDb ? new SqliteBookRows((Microsoft.Data.Sqlite.SqliteConnection)db.Database.GetDbConnection()) : new ServerBookRows(db);
}
