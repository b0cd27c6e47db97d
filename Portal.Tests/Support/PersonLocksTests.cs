using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.Support;
using Portal.Support.Visits;
using Portal.Tests.Accounts.Members;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Support;

public sealed class PersonLocksTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Several_of_the_staff_lock_somebody_in_the_same_moment_and_it_is_done_once(DatabaseProvider provider)
    {
        await using var scene = await MemberScene.Start(provider);
        var (locks, staff) = (scene.Get<PersonLocks>(), scene.Stranger with { IsSupport = true });

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(() => locks.Lock(staff, scene.Student.PersonId, "A stolen card", Cancel), Cancel)));

        Assert.All(answers, answer => Assert.Null(answer.Refusal));
        await using var db = scene.Open();
        Assert.Equal(StaffLock.End, (await db.Users.SingleAsync(p => p.Id == scene.Student.PersonId, Cancel)).LockoutEnd);
        Assert.Equal(1, await db.AuditEntries.CountAsync(a => a.Action == "person.locked", Cancel));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_reason_of_control_characters_and_halves_is_none_and_markup_is_only_text(DatabaseProvider provider)
    {
        await using var scene = await MemberScene.Start(provider);
        var staff = scene.Stranger with { IsSupport = true };

        Assert.Equal("reason.missing", (await scene.Get<PersonLocks>().Lock(staff, scene.Student.PersonId, "\0\u0007 \ud83d", Cancel)).Refusal?.Code);
        Assert.Equal("reason.missing", (await scene.Get<PersonLocks>().Lock(staff, scene.Student.PersonId, new string('x', 501), Cancel)).Refusal?.Code);
        Assert.Null((await scene.Get<PersonLocks>().Lock(staff, scene.Student.PersonId, "A\0 <script>\ud83d</script>", Cancel)).Refusal);
        Assert.Null((await scene.Get<CustomerVisits>().Start(staff, scene.Account, "A\0 <b>\ude00", Cancel)).Refusal);
        Assert.Empty((await scene.Get<CustomerSearch>().Find(staff, "a\0 \ud83d<b>", Cancel)).Value);

        await using var db = scene.Open();
        Assert.Equal(["A <script></script>", "A <b>"], await db.AuditEntries.OrderBy(a => a.Id).Select(a => a.Reason).ToListAsync(Cancel));
    }

    [Fact]
    public async Task Nobody_lets_themselves_in_and_support_does_not_lock_the_staff()
    {
        await using var scene = await MemberScene.Start(DatabaseProvider.Sqlite);
        var locks = scene.Get<PersonLocks>();
        await using (var db = scene.Open())
        {
            var role = new Microsoft.AspNetCore.Identity.IdentityRole<Guid>(Roles.Administrator) { Id = Guid.NewGuid(), NormalizedName = Roles.Administrator.ToUpperInvariant() };
            db.Roles.Add(role);
            db.UserRoles.Add(new() { RoleId = role.Id, UserId = scene.Owner.PersonId });
            await db.SaveChangesAsync(Cancel);
        }

        Assert.Equal("lock.staff", (await locks.Lock(scene.Stranger with { IsSupport = true }, scene.Owner.PersonId, "x", Cancel)).Refusal?.Code);
        Assert.Equal("lock.staff", (await locks.Unlock(scene.Owner with { IsAdministrator = true }, scene.Owner.PersonId, "x", Cancel)).Refusal?.Code);
        Assert.Equal(Refusal.NotFound, (await locks.Lock(scene.Owner, scene.Student.PersonId, "x", Cancel)).Refusal);
        Assert.Equal(Refusal.NotFound, (await locks.Lock(scene.Stranger with { IsSupport = true }, Guid.NewGuid(), "x", Cancel)).Refusal);
    }
}
