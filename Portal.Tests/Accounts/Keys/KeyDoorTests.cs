using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Portal.Accounts.Keys;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Tests.Fixtures;
using SQLitePCL;

namespace Portal.Tests.Accounts.Keys;

public sealed class KeyDoorTests : IAsyncDisposable
{
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    private readonly FakeTime time = new();
    private TestDatabase database = null!;
    private ApiKeys keys = null!;
    private KeyDoor door = null!;
    private Caller owner = null!;

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_rotated_key_is_the_same_key_and_its_old_secret_is_good_until_the_overlap_ends(DatabaseProvider provider)
    {
        await Start(provider);
        var terms = new KeyTerms("Website") { Endpoints = KeyEndpoints.Text | KeyEndpoints.Models, Models = ["guide"], ExpiresAt = time.GetUtcNow().AddDays(9) };
        var old = (await keys.Create(owner, terms)).Value;

        var fresh = (await keys.Rotate(owner, old.Id, Day)).Value;

        Assert.Equal(old.Id, fresh.Id);
        Assert.NotEqual(old.Secret, fresh.Secret);
        var (before, after) = ((await door.Open(old.Secret)).Value, (await door.Open(fresh.Secret)).Value);
        Assert.Equal((old.Id, KeyEndpoints.Text | KeyEndpoints.Models, "guide"), (after.ApiKeyId, after.KeyRights!.Endpoints, Assert.Single(after.KeyRights.Models)));
        Assert.Equal((before.ApiKeyId, before.MembershipId), (after.ApiKeyId, after.MembershipId));
        var listed = Assert.Single(await keys.List(owner));
        Assert.Equal((fresh.Secret[..KeySecret.PrefixLength], time.GetUtcNow() + Day), (listed.Prefix, listed.RotatesUntil));

        time.Advance(Day);

        Assert.Equal("api.key-rotated", (await door.Open(old.Secret)).Refusal?.Code);
        Assert.Null((await door.Open(fresh.Secret)).Refusal);
        Assert.Null(Assert.Single(await keys.List(owner)).RotatesUntil);
    }

    [Fact]
    public async Task Without_an_overlap_the_old_secret_ends_with_the_rotation_and_a_second_rotation_ends_the_one_before()
    {
        await Start();
        var first = (await keys.Create(owner, new KeyTerms("Website"))).Value;
        var second = (await keys.Rotate(owner, first.Id, TimeSpan.Zero)).Value;
        Assert.Equal("api.key-rotated", (await door.Open(first.Secret)).Refusal?.Code);

        var third = (await keys.Rotate(owner, first.Id, Day)).Value;
        var fourth = (await keys.Rotate(owner, first.Id, Day)).Value;

        Assert.Equal("api.key", (await door.Open(second.Secret)).Refusal?.Code);
        Assert.Null((await door.Open(third.Secret)).Refusal);
        Assert.Null((await door.Open(fourth.Secret)).Refusal);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_key_that_expired_says_so_and_stays_in_the_list_until_it_is_revoked(DatabaseProvider provider)
    {
        await Start(provider);
        var made = (await keys.Create(owner, new KeyTerms("Website") { ExpiresAt = time.GetUtcNow().AddHours(1) })).Value;
        Assert.Null((await door.Open(made.Secret)).Refusal);
        Assert.False(Assert.Single(await keys.List(owner)).Expired);

        time.Advance(TimeSpan.FromHours(1));

        Assert.Equal("api.key-expired", (await door.Open(made.Secret)).Refusal?.Code);
        Assert.True(Assert.Single(await keys.List(owner)).Expired);
        Assert.Equal(Refusal.NotFound, (await keys.Rotate(owner, made.Id, Day)).Refusal);
        Assert.Null((await keys.Revoke(owner, made.Id)).Refusal);
        Assert.Empty(await keys.List(owner));
    }

    [Fact]
    public async Task Nobody_but_its_member_gets_a_new_secret_of_a_key()
    {
        await Start();
        var made = (await keys.Create(owner, new KeyTerms("Website"))).Value;
        var manager = owner with { MembershipId = Guid.NewGuid(), PersonId = Guid.NewGuid(), Role = MemberRole.BillingAdmin };

        Assert.Equal(Refusal.NotFound, (await keys.Rotate(manager, made.Id, Day)).Refusal);

        Assert.Null((await door.Open(made.Secret)).Refusal);
    }

    [Fact]
    public async Task The_audit_names_who_rotated_a_key_and_never_the_secret()
    {
        await Start();
        var made = (await keys.Create(owner, new KeyTerms("Website"))).Value;

        var fresh = (await keys.Rotate(owner, made.Id, Day)).Value;

        await using var db = database.Open();
        var deed = await db.AuditEntries.SingleAsync(a => a.Action == "key.rotated", TestContext.Current.CancellationToken);
        Assert.Equal((owner.PersonId, $"{made.Id}", $"{fresh.Secret[..KeySecret.PrefixLength]}… Website"), (deed.PersonId, deed.Subject, deed.Detail));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task What_ends_on_another_node_ends_here_within_two_seconds(DatabaseProvider provider)
    {
        await Start(provider);
        var made = (await keys.Create(owner, new KeyTerms("Website"))).Value;
        Assert.Null((await door.Open(made.Secret)).Refusal);
        var elsewhere = new ApiKeys(database.Factory, time, new KeyDoor(database.Factory, time));

        Assert.Null((await elsewhere.Revoke(owner, made.Id)).Refusal);
        time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal("api.key-revoked", (await door.Open(made.Secret)).Refusal?.Code);
    }

    [Fact]
    public async Task A_key_that_this_node_revokes_is_shut_at_the_next_call()
    {
        await Start();
        var made = (await keys.Create(owner, new KeyTerms("Website"))).Value;
        Assert.Null((await door.Open(made.Secret)).Refusal);

        Assert.Null((await keys.Revoke(owner, made.Id)).Refusal);

        Assert.Equal("api.key-revoked", (await door.Open(made.Secret)).Refusal?.Code);
    }

    [Fact]
    public async Task F5_A_database_that_cannot_write_shuts_nobody_out_and_is_not_asked_by_each_call()
    {
        await Start();
        var first = (await keys.Create(owner, new KeyTerms("Website"))).Value;
        var second = (await keys.Create(owner, new KeyTerms("App"))).Value;
        var disk = new ReadOnlyDisk(database.ConnectionString);
        door = new KeyDoor(disk, time);

        foreach (var key in (NewApiKey[])[first, first, second]) Assert.Null((await door.Open(key.Secret)).Refusal);
        Assert.Equal(1, disk.Denied);

        disk.Full = false;
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null((await door.Open(first.Secret)).Refusal);
        Assert.Equal(time.GetUtcNow(), (await keys.List(owner)).Single(k => k.Id == first.Id).LastUsedAt);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(31 * 24)]
    public async Task An_overlap_that_is_no_overlap_changes_nothing(int hours)
    {
        await Start();
        var made = (await keys.Create(owner, new KeyTerms("Website"))).Value;

        Assert.Equal(new Refusal("key.overlap", "30"), (await keys.Rotate(owner, made.Id, TimeSpan.FromHours(hours))).Refusal);

        Assert.Null((await door.Open(made.Secret)).Refusal);
    }

    [Fact]
    public async Task Terms_that_make_no_sense_make_no_key()
    {
        await Start();
        var now = time.GetUtcNow();
        (KeyTerms Terms, string Code)[] wrong =
        [
            (new("x") { Endpoints = KeyEndpoints.None }, "key.endpoints"),
            (new("x") { Endpoints = (KeyEndpoints)1024 }, "key.endpoints"),
            (new("x") { Models = [.. Enumerable.Repeat("guide", ApiKeys.ModelsMax + 1)] }, "key.models"),
            (new("x") { Models = ["two\nlines"] }, "key.models"),
            (new("x") { Models = [new string('m', ApiKey.ModelsLengthMax)] }, "key.models"),
            (new("x") { ExpiresAt = now }, "key.expiry"),
            (new("x") { ExpiresAt = now.AddYears(ApiKeys.YearsMax).AddSeconds(1) }, "key.expiry"),
        ];

        foreach (var (terms, code) in wrong) Assert.Equal(code, (await keys.Create(owner, terms)).Refusal?.Code);

        Assert.Empty(await keys.List(owner));
    }

    [Fact]
    public async Task What_was_read_before_a_key_ended_is_not_kept_after_it()
    {
        await Start();
        var key = (await keys.Create(owner, new KeyTerms("Website"))).Value;
        var reads = new SlowReads(database.ConnectionString);
        using var slow = new KeyDoor(reads, time);
        reads.AfterRead = () => Assert.True(new ApiKeys(database.Factory, time, slow).Revoke(owner, key.Id).GetAwaiter().GetResult().IsDone(out _));

        Assert.Null((await slow.Open(key.Secret)).Refusal);
        Assert.Null(reads.AfterRead);
        Assert.Equal("api.key-revoked", (await slow.Open(key.Secret)).Refusal?.Code);
    }

    public async ValueTask DisposeAsync()
    {
        if (database is not null) await database.DisposeAsync();
    }

    private async Task Start(DatabaseProvider provider = DatabaseProvider.Sqlite)
    {
        database = await TestDatabase.CreateAsync(provider);
        door = new KeyDoor(database.Factory, time);
        keys = new ApiKeys(database.Factory, time, door);
        var (account, seat) = await Books.OpenAccount(database.Factory, time);
        await using var db = database.Open();
        var project = await db.Projects.SingleAsync(p => p.AccountId == account.Id);
        owner = new Caller(seat.PersonId, "", "", account.Id, AccountKind.Personal, "", "Asia/Shanghai", seat.Id, MemberRole.Owner, project.Id, null, false, false);
    }

    /// <summary>A SQLite database that lets something happen once, when a row is read and its reader does not have it yet.</summary>
    private sealed class SlowReads(string connectionString) : DbConnectionInterceptor, IDbContextFactory<PortalDb>
    {
        public Action? AfterRead { get; set; }

        public PortalDb CreateDbContext() => new SqlitePortalDb(new DbContextOptionsBuilder<SqlitePortalDb>().UseSqlite(connectionString).AddInterceptors(this).Options);

        public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            raw.sqlite3_profile(((SqliteConnection)connection).Handle!, (object _, string _, long _) => Happen(), null);
            return Task.CompletedTask;
        }

        private void Happen()
        {
            var happens = AfterRead;
            AfterRead = null;
            happens?.Invoke();
        }
    }

    /// <summary>While it is full a SQLite database that reads and cannot write.</summary>
    private sealed class ReadOnlyDisk(string connectionString) : DbCommandInterceptor, IDbContextFactory<PortalDb>
    {
        public bool Full { get; set; } = true;

        public int Denied { get; private set; }

        public PortalDb CreateDbContext() => new SqlitePortalDb(
            new DbContextOptionsBuilder<SqlitePortalDb>().UseSqlite(connectionString + (Full ? ";Mode=ReadOnly" : "")).AddInterceptors(this).Options);

        public override Task CommandFailedAsync(DbCommand command, CommandErrorEventData eventData, CancellationToken cancellationToken = default)
        {
            Denied++;
            return Task.CompletedTask;
        }
    }
}
