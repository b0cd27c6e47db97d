using System.Globalization;
using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.Support.Visits;
using Portal.Tests.Accounts.Members;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Support.Visits;

public sealed class CustomerVisitsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task On_a_visit_the_staff_are_the_owner_who_may_change_nothing_until_it_is_over(DatabaseProvider provider)
    {
        await using var scene = await MemberScene.Start(provider);
        await MakeStaff(scene);
        var staff = scene.Stranger with { IsSupport = true };
        Assert.Equal("reason.missing", (await scene.Get<CustomerVisits>().Start(staff, scene.Account, " ", Cancel)).Refusal?.Code);
        Assert.Equal(Refusal.NotFound, (await scene.Get<CustomerVisits>().Start(staff, Guid.NewGuid(), "asked", Cancel)).Refusal);
        Assert.Equal(Refusal.NotFound, (await scene.Get<CustomerVisits>().Start(scene.Stranger, scene.Account, "asked", Cancel)).Refusal);

        var visit = (await scene.Get<CustomerVisits>().Start(staff, scene.Account, "Says the balance is wrong", Cancel)).Value;
        var user = User(scene.Stranger, scene.Account, visit);
        var seen = await scene.Get<Callers>().Resolve(user, Cancel);

        Assert.Equal((scene.Account, scene.Owner.MembershipId, true, false, true), (seen!.AccountId, seen.MembershipId, seen.ReadOnly, seen.IsStaff, seen.ManagesBilling));
        await using var db = scene.Open();
        var deed = await db.AuditEntries.SingleAsync(a => a.Action == "customer.visited", Cancel);
        Assert.Equal((staff.PersonId, scene.Account, "Says the balance is wrong"), (deed.PersonId, deed.AccountId, deed.Reason));

        scene.Time.Advance(Callers.VisitLengthMax);
        var after = await scene.Get<Callers>().Resolve(user, Cancel);
        Assert.Equal((scene.Stranger.AccountId, false, true), (after!.AccountId, after.ReadOnly, after.IsStaff));
    }

    [Fact]
    public async Task A_cookie_of_a_visit_is_worth_nothing_to_whoever_is_not_on_the_staff_any_more()
    {
        await using var scene = await MemberScene.Start(DatabaseProvider.Sqlite);

        Assert.Null(await scene.Get<Callers>().Resolve(User(scene.Stranger, scene.Account, new Visit(Guid.NewGuid(), scene.Time.GetUtcNow().AddMinutes(5))), Cancel));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_copy_of_a_cookie_shows_nothing_after_its_visit_was_ended_and_the_next_visit_is_another(DatabaseProvider provider)
    {
        await using var scene = await MemberScene.Start(provider);
        await MakeStaff(scene);
        var (visits, staff) = (scene.Get<CustomerVisits>(), scene.Stranger with { IsSupport = true });
        var first = (await visits.Start(staff, scene.Account, "Asked", Cancel)).Value;
        var copy = User(scene.Stranger, scene.Account, first);

        await visits.End(scene.Owner.PersonId, first.Id, Cancel);
        Assert.True((await scene.Get<Callers>().Resolve(copy, Cancel))!.ReadOnly);
        await visits.End(staff.PersonId, first.Id, Cancel);
        await visits.End(staff.PersonId, first.Id, Cancel);
        var next = (await visits.Start(staff, scene.Account, "Asked again", Cancel)).Value;

        Assert.Equal((scene.Stranger.AccountId, false), (await Seen(copy), (await scene.Get<Callers>().Resolve(copy, Cancel))!.ReadOnly));
        Assert.Equal(scene.Account, await Seen(User(scene.Stranger, scene.Account, next)));
        await using var db = scene.Open();
        var left = await db.AuditEntries.SingleAsync(a => a.Action == "customer.left", Cancel);
        Assert.Equal((staff.PersonId, scene.Account, "School"), (left.PersonId, left.AccountId, left.Detail));

        async Task<Guid> Seen(ClaimsPrincipal user) => (await scene.Get<Callers>().Resolve(user, Cancel))!.AccountId;
    }

    private static ClaimsPrincipal User(Caller person, Guid visited, Visit visit) => new(new ClaimsIdentity(
    [
        new Claim(ClaimTypes.NameIdentifier, $"{person.PersonId}"), new Claim(Callers.VisitClaim, $"{visited}"),
        new Claim(Callers.VisitIdClaim, $"{visit.Id}"), new Claim(Callers.VisitEndClaim, visit.Until.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
    ]));

    private static async Task MakeStaff(MemberScene scene)
    {
        await using var db = scene.Open();
        var role = new Microsoft.AspNetCore.Identity.IdentityRole<Guid>(Roles.Support) { Id = Guid.NewGuid(), NormalizedName = Roles.Support.ToUpperInvariant() };
        db.Roles.Add(role);
        db.UserRoles.Add(new() { RoleId = role.Id, UserId = scene.Stranger.PersonId });
        await db.SaveChangesAsync(Cancel);
    }
}
