using Microsoft.EntityFrameworkCore;
using Portal.Accounts.Keys;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Accounts.Keys;

public sealed class ApiKeysTests : IAsyncDisposable
{
    private readonly FakeTime time = new();
    private TestDatabase database = null!;
    private ApiKeys keys = null!;
    private KeyDoor door = null!;
    private Caller owner = null!;

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_secret_opens_its_makers_seat_until_it_is_revoked(DatabaseProvider provider)
    {
        await Start(provider);
        var made = (await keys.Create(owner, new KeyTerms(" Website "))).Value;

        var caller = (await door.Open(made.Secret)).Value;

        Assert.StartsWith("pk_", made.Secret, StringComparison.Ordinal);
        Assert.Equal((owner.AccountId, owner.MembershipId, made.Id), (caller.AccountId, caller.MembershipId, caller.ApiKeyId));
        Assert.Null((await keys.Revoke(owner, made.Id)).Refusal);
        Assert.Equal("api.key-revoked", (await door.Open(made.Secret)).Refusal?.Code);
        Assert.Empty(await keys.List(owner));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Only_a_hash_of_the_secret_is_stored(DatabaseProvider provider)
    {
        await Start(provider);
        var made = (await keys.Create(owner, new KeyTerms("Website"))).Value;

        await using var db = database.Open();
        var row = await db.ApiKeys.SingleAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain(made.Secret[11..], $"{row.Hash}{row.Prefix}{row.Name}", StringComparison.Ordinal);
        Assert.Equal(made.Secret[..11], row.Prefix);
        Assert.Equal(KeySecret.Length, made.Secret.Length);
    }

    [Fact]
    public async Task A_seat_that_has_or_made_too_many_keys_gets_no_more_until_a_day_later()
    {
        await Start();
        var made = (await keys.Create(owner, new KeyTerms("Website"))).Value;
        await using (var db = database.Open())
        {
            db.ApiKeys.AddRange(Enumerable.Range(2, ApiKeys.KeysMax - 1).Select(i => new ApiKey
            {
                Id = Guid.NewGuid(), AccountId = owner.AccountId, ProjectId = owner.ProjectId, MembershipId = owner.MembershipId, Name = $"{i}", Prefix = "pk_", Hash = $"{i}",
                CreatedAt = time.GetUtcNow(),
            }));
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal("key.many", (await keys.Create(owner, new KeyTerms("One more"))).Refusal?.Code);
        Assert.Null((await keys.Revoke(owner, made.Id)).Refusal);
        Assert.Equal("key.many", (await keys.Create(owner, new KeyTerms("One more"))).Refusal?.Code);
        Assert.Null((await keys.Create(await Member(), new KeyTerms("Of another seat"))).Refusal);
        time.Advance(TimeSpan.FromDays(1));
        Assert.Null((await keys.Create(owner, new KeyTerms("One more"))).Refusal);
    }

    [Fact]
    public async Task Members_see_and_revoke_their_own_keys_and_the_account_manager_everybodys()
    {
        await Start();
        var member = await Member();
        var others = (await keys.Create(owner, new KeyTerms("Owner's"))).Value;
        var own = (await keys.Create(member, new KeyTerms("Member's"))).Value;

        Assert.Equal(["Member's"], (await keys.List(member)).Select(k => k.Name));
        Assert.Equal(["Member's", "Owner's"], (await keys.List(owner)).Select(k => k.Name).Order());
        Assert.Equal(Refusal.NotFound, (await keys.Revoke(member, others.Id)).Refusal);
        Assert.Null((await keys.Revoke(owner, own.Id)).Refusal);
    }

    [Fact]
    public async Task A_key_of_another_account_is_not_found()
    {
        await Start();
        var (account, seat) = await Books.OpenAccount(database.Factory, time);
        var stranger = owner with { AccountId = account.Id, MembershipId = seat.Id };
        var made = (await keys.Create(owner, new KeyTerms("Website"))).Value;

        Assert.Equal(Refusal.NotFound, (await keys.Revoke(stranger, made.Id)).Refusal);
        Assert.Empty(await keys.List(stranger));
        Assert.Null((await door.Open(made.Secret)).Refusal);
    }

    [Fact]
    public async Task Revoking_twice_changes_nothing()
    {
        await Start();
        var made = (await keys.Create(owner, new KeyTerms("Website"))).Value;
        await keys.Revoke(owner, made.Id);
        time.Advance(TimeSpan.FromHours(1));

        Assert.Null((await keys.Revoke(owner, made.Id)).Refusal);

        await using var db = database.Open();
        Assert.Equal(time.GetUtcNow() - TimeSpan.FromHours(1), (await db.ApiKeys.SingleAsync(TestContext.Current.CancellationToken)).RevokedAt);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task The_audit_names_who_made_a_key_and_who_ended_it_each_once_and_never_the_secret(DatabaseProvider provider)
    {
        await Start(provider);
        var member = await Member();
        var made = (await keys.Create(member, new KeyTerms("Website"))).Value;

        await keys.Revoke(owner, made.Id);
        await keys.Revoke(member, made.Id);

        await using var db = database.Open();
        var deeds = await db.AuditEntries.OrderBy(a => a.Id).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal(
            [("key.created", member.PersonId, $"{made.Id}"), ("key.revoked", owner.PersonId, $"{made.Id}")],
            deeds.Select(d => (d.Action, d.PersonId, d.Subject)));
        Assert.All(deeds, d => Assert.Equal((owner.AccountId, $"{made.Secret[..11]}… Website"), (d.AccountId!.Value, d.Detail)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("bell\u0007")]
    [InlineData("123456789012345678901234567890123456789012345678901234567890123456789012345678901")]
    public async Task A_key_needs_a_name(string name)
    {
        await Start();

        Assert.Equal(new Refusal("key.name", "80"), (await keys.Create(owner, new KeyTerms(name))).Refusal);
        Assert.Empty(await keys.List(owner));
    }

    [Fact]
    public async Task Last_used_is_kept_to_the_minute()
    {
        await Start();
        var made = (await keys.Create(owner, new KeyTerms("Website"))).Value;
        Assert.Null((await keys.List(owner))[0].LastUsedAt);

        var first = time.GetUtcNow();
        await door.Open(made.Secret);
        time.Advance(TimeSpan.FromSeconds(59));
        await door.Open(made.Secret);
        Assert.Equal(first, (await keys.List(owner))[0].LastUsedAt);

        time.Advance(TimeSpan.FromSeconds(1));
        await door.Open(made.Secret);
        Assert.Equal(time.GetUtcNow(), (await keys.List(owner))[0].LastUsedAt);
    }

    [Theory]
    [InlineData("")]
    [InlineData("pk_")]
    [InlineData("sk_something")]
    [InlineData("pk_' OR 1=1 --")]
    public async Task A_wrong_secret_opens_nothing(string secret)
    {
        await Start();
        await keys.Create(owner, new KeyTerms("Website"));

        Assert.StartsWith("api.key", (await door.Open(secret)).Refusal?.Code, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_of_nobody_opens_nothing()
    {
        await Start();

        Assert.Equal("api.key", (await door.Open(KeySecret.Make())).Refusal?.Code);
    }

    [Fact]
    public async Task A_key_ends_with_its_members_seat()
    {
        await Start();
        var member = await Member();
        var made = (await keys.Create(member, new KeyTerms("Member's"))).Value;
        await using (var db = database.Open())
        {
            await db.Memberships.Where(m => m.Id == member.MembershipId)
                .ExecuteUpdateAsync(set => set.SetProperty(m => m.RemovedAt, time.GetUtcNow()), TestContext.Current.CancellationToken);
        }

        Assert.Equal("api.key", (await door.Open(made.Secret)).Refusal?.Code);
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
        var (account, seat) = await Books.OpenAccount(database.Factory, time, AccountKind.Organisation);
        await using var db = database.Open();
        var project = await db.Projects.SingleAsync(p => p.AccountId == account.Id);
        owner = new Caller(
            seat.PersonId, "", "", account.Id, AccountKind.Organisation, "", "Asia/Shanghai", seat.Id, MemberRole.Owner, project.Id, null, false, false);
    }

    private async Task<Caller> Member()
    {
        await using var db = database.Open();
        var person = new Person { Id = Guid.NewGuid(), UserName = "member@example.com", Email = "member@example.com", DisplayName = "Member" };
        var seat = new Membership { Id = Guid.NewGuid(), AccountId = owner.AccountId, PersonId = person.Id, Role = MemberRole.Member };
        db.AddRange(person, seat);
        await db.SaveChangesAsync();
        return owner with { PersonId = person.Id, MembershipId = seat.Id, Role = MemberRole.Member };
    }
}
