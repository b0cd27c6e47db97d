using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger.Rows;
using Portal.Data;
using Portal.Tests.Data;

namespace Portal.Tests.Billing.Ledger;

/// <summary>The statements that write charges: those of SQL Server are read as text, because none can run here.</summary>
public sealed partial class LedgerTablesTests
{
    [Fact]
    public void SQL_Servers_statements_name_only_tables_and_columns_of_its_script_and_speak_its_dialect()
    {
        using var db = new PortalDbFactory(DatabaseProvider.SqlServer, "Server=nowhere").CreateDbContext();
        var names = db.Model.GetEntityTypes().SelectMany(e => e.GetProperties().Select(p => p.GetColumnName()).Append(e.GetTableName())).ToHashSet();

        Assert.All(LedgerTables.Statements.Select(s => s.SqlServer), text =>
        {
            Assert.Empty(Names().Matches(text).Select(m => m.Groups[1].Value).Except(names!));
            Assert.DoesNotContain("ON CONFLICT", text, StringComparison.Ordinal);
            Assert.DoesNotContain("unnest", text, StringComparison.Ordinal);
            Assert.Contains("OPENJSON(@rows)", text, StringComparison.Ordinal);
            Assert.Equal(text.StartsWith("MERGE", StringComparison.Ordinal), text.EndsWith(';'));
            Assert.Equal(text.Count(c => c == '('), text.Count(c => c == ')'));
        });
    }

    [Fact]
    public void SQL_Server_merges_a_rollup_by_its_key_and_adds_to_the_rest()
    {
        var text = Assert.Single(LedgerTables.Statements.Select(s => s.SqlServer), s => s.Contains("UsageHours", StringComparison.Ordinal));

        Assert.StartsWith("MERGE \"UsageHours\" WITH (HOLDLOCK) AS t USING OPENJSON(@rows) WITH (\"AccountId\" uniqueidentifier '$[0]', \"Hour\" bigint '$[1]'", text, StringComparison.Ordinal);
        Assert.Contains("ON t.\"AccountId\" = n.\"AccountId\" AND t.\"Hour\" = n.\"Hour\" AND t.\"MembershipId\" = n.\"MembershipId\" AND t.\"Model\" = n.\"Model\"", text, StringComparison.Ordinal);
        Assert.Contains("WHEN MATCHED THEN UPDATE SET t.\"Requests\" = t.\"Requests\" + n.\"Requests\"", text, StringComparison.Ordinal);
        Assert.Contains("WHEN NOT MATCHED THEN INSERT (\"AccountId\"", text, StringComparison.Ordinal);
    }

    [GeneratedRegex("\"([^\"]+)\"")]
    private static partial Regex Names();
}
