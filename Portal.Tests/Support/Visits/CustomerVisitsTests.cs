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

        var until = (await scene.Get<CustomerVisits>().Start(staff, scene.Account, "Says the balance is wrong", Cancel)).Value;
        var user = User(scene.Stranger, scene.Account, until);
        var seen = await scene.Get<Callers>().Resolve(user, Cancel);

        Assert.Equal((scene.Account, scene.Owner.MembershipId, true, false, true), (seen!.AccountId, seen.MembershipId, seen.ReadOnly, seen.IsStaff, seen.ManagesBilling));
        await using var db = scene.Open();
        var deed = await db.AuditEntries.SingleAsync(a => a.Action == "customer.visited", Cancel);
        Assert.Equal((staff.PersonId, scene.Account, "Says the balance is wrong"), (deed.PersonId, deed.AccountId, deed.Reason));

        scene.Time.Advance(CustomerVisits.LengthMax);
        var after = await scene.Get<Callers>().Resolve(user, Cancel);
        Assert.Equal((scene.Stranger.AccountId, false, true), (after!.AccountId, after.ReadOnly, after.IsStaff));
    }

    [Fact]
    public async Task A_cookie_of_a_visit_is_worth_nothing_to_whoever_is_not_on_the_staff_any_more()
    {
        await using var scene = await MemberScene.Start(DatabaseProvider.Sqlite);

        Assert.Null(await scene.Get<Callers>().Resolve(User(scene.Stranger, scene.Account, scene.Time.GetUtcNow().AddMinutes(5)), Cancel));
    }

    private static ClaimsPrincipal User(Caller person, Guid visited, DateTimeOffset until) => new(new ClaimsIdentity(
    [
        new Claim(ClaimTypes.NameIdentifier, $"{person.PersonId}"), new Claim(Callers.VisitClaim, $"{visited}"),
        new Claim(Callers.VisitEndClaim, until.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
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
