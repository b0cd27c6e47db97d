using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Prompts.Requests;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Prompts.Requests;

public sealed class HoldTriesTests
{
    private const int Released = 2000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task The_next_try_is_found_among_thousands_with_a_handful_of_questions(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var time = new FakeTime();
        var (account, _) = await Books.OpenAccount(database.Factory, time);
        var ids = Enumerable.Range(0, 2 * Released).Select(_ => Guid.NewGuid()).ToList();
        await using (var db = database.Open())
        {
            db.Holds.AddRange(ids.Take(Released).Select((id, i) => new Hold
            {
                Id = id, WalletId = account.Id, State = i % 2 == 0 ? HoldState.Voided : HoldState.Expired, CreatedAt = time.GetUtcNow(), ResolvedAt = time.GetUtcNow(),
            }));
            db.Holds.Add(new Hold { Id = ids[Released], WalletId = account.Id, State = HoldState.Open, CreatedAt = time.GetUtcNow() });
            await db.SaveChangesAsync(Cancel);
        }

        foreach (var tries in (int[])[0, 1, 2, 3, 16, 17, 18, 33, 1000, 1999, Released])
        {
            var questions = new Questions();
            await using var counted = Open(database, questions);

            var next = await HoldTries.Next(counted, number => number <= tries ? ids[Released - tries + number] : Unused(number), Cancel);

            Assert.Equal(new HoldTry(tries, ids[Released], HoldState.Open, tries == 0 ? null : time.GetUtcNow()), next);
            Assert.InRange(questions.Count, 1, 6);
        }

        await using var none = database.Open();
        Assert.Equal(new HoldTry(0, Unused(0), null, null), await HoldTries.Next(none, Unused, Cancel));
    }

    private static Guid Unused(int number) => new(number, 0, 1, new byte[8]);

    private static PortalDb Open(TestDatabase database, Questions questions) => database.Provider == DatabaseProvider.Sqlite
        ? new SqlitePortalDb(new DbContextOptionsBuilder<SqlitePortalDb>().UseSqlite(database.ConnectionString).AddInterceptors(questions).Options)
        : new PostgreSqlPortalDb(new DbContextOptionsBuilder<PostgreSqlPortalDb>().UseNpgsql(database.ConnectionString).AddInterceptors(questions).Options);

    private sealed class Questions : DbCommandInterceptor
    {
        public int Count { get; private set; }

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            Count++;
            return ValueTask.FromResult(result);
        }
    }
}
