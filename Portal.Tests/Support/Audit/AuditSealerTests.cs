using Microsoft.EntityFrameworkCore;
using Portal.Billing.Verification;
using Portal.Data;
using Portal.Data.Support;
using Portal.Support.Audit;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Support.Audit;

public sealed class AuditSealerTests
{
    private readonly FakeTime time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Two_sealers_at_once_make_one_chain_without_a_gap(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await Write(database, 450);

        var counts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => new AuditSealer(database.Factory).Seal(Cancel)));

        Assert.Equal(450, counts.Sum());
        await using var db = database.Open();
        Assert.Equal(Enumerable.Range(1, 450).Select(n => (long?)n), await db.AuditEntries.OrderBy(a => a.Sequence).Select(a => a.Sequence).ToListAsync(Cancel));
        Assert.Equal(450, (await db.AuditHeads.SingleAsync(Cancel)).Sequence);
        await Books.AssertClean(database.Factory, time);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_changed_entry_is_found_even_when_its_own_hash_is_made_anew(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await Write(database, 5);
        await new AuditSealer(database.Factory).Seal(Cancel);
        long next;
        await using (var db = database.Open())
        {
            var rows = await db.AuditEntries.OrderBy(a => a.Sequence).ToListAsync(Cancel);
            rows[2].Detail = "something else";
            rows[2].Hash = AuditChain.Hash(rows[1].Hash!, rows[2]);
            next = rows[3].Id;
            await db.SaveChangesAsync(Cancel);
        }

        var found = Assert.Single((await new BookVerifier(database.Factory, time).Verify(cancel: Cancel)).Findings);

        Assert.Equal(("audit.chain", $"AuditEntries {next}"), (found.Rule, found.Row));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Entries_that_changed_places_are_found(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await Write(database, 4);
        await new AuditSealer(database.Factory).Seal(Cancel);
        await using (var db = database.Open())
        {
            await Move(db, 2, -1);
            await Move(db, 3, 2);
            await Move(db, -1, 3);
        }

        var found = (await new BookVerifier(database.Factory, time).Verify(cancel: Cancel)).Findings;

        Assert.Equal(3, found.Count(f => f.Rule == "audit.chain"));
    }

    /// <summary>SQL Server's unique indexes leave nulls out, so that the one on the sequence does not lead to what is not sealed.</summary>
    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.PostgreSql)]
    [InlineData(DatabaseProvider.SqlServer)]
    public void What_is_not_sealed_is_found_by_an_index_of_its_own(DatabaseProvider provider)
    {
        using var db = new PortalDbFactory(provider, provider == DatabaseProvider.Sqlite ? "Data Source=:memory:" : "Host=nowhere").CreateDbContext();

        var index = Assert.Single(db.Model.FindEntityType(typeof(AuditEntry))!.GetIndexes(), i => i.GetFilter()?.EndsWith("IS NULL", StringComparison.Ordinal) == true);

        Assert.Equal([nameof(AuditEntry.Id)], index.Properties.Select(p => p.Name));
        Assert.Contains(nameof(AuditEntry.Sequence), index.GetFilter(), StringComparison.Ordinal);
    }

    private static Task<int> Move(PortalDb db, long from, long to) => db.AuditEntries.Where(a => a.Sequence == from).ExecuteUpdateAsync(set => set.SetProperty(a => a.Sequence, to), Cancel);

    private async Task Write(TestDatabase database, int count)
    {
        await using var db = database.Open();
        db.AuditEntries.AddRange(Enumerable.Range(0, count).Select(i => new AuditEntry
        {
            At = time.GetUtcNow().AddTicks(i), PersonId = Guid.NewGuid(), Action = "test.done", Subject = $"{i}", Detail = "名字 \"quoted\"", Reason = i % 2 == 0 ? "asked" : null,
        }));
        await db.SaveChangesAsync(Cancel);
    }
}
