using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Accounts.Budgets;
using Portal.Accounts.Members;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Accounts.Members;

public sealed class MemberReaderTests
{
    private const string Known = "owner@college.example";
    private const string Unknown = "nobody@nowhere.example";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task An_inviter_learns_that_an_address_has_an_account_and_whose_when_its_owner_comes(DatabaseProvider provider)
    {
        await using var scene = await MemberScene.Start(provider);
        foreach (var email in (string[])[Known, Unknown])
        {
            Assert.Null((await scene.Desk.Invite(scene.Owner, email, MemberRole.Member, MemberScene.Origin, "en", Guid.NewGuid(), Cancel)).Refusal);
            Assert.Null((await scene.Get<BudgetDesk>().Set(scene.Owner, (await Seen(email)).SeatId, CapMeter.Tokens, CapWindow.Day, 10, Cancel)).Refusal);
            Assert.Null(await Again(email));
            Assert.Equal(("", true, email), ((await Seen(email)).Name, (await Seen(email)).Invited, await Budget(email)));
        }

        await scene.Get<Callers>().Resolve(
            new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, $"{scene.Stranger.PersonId}"), new Claim(Callers.AccountClaim, $"{scene.Account}")])), Cancel);

        Assert.Equal(("owner", false, "owner"), ((await Seen(Known)).Name, (await Seen(Known)).Invited, await Budget(Known)));
        Assert.Equal("member.joined", (await Again(Known))?.Code);
        await using var db = scene.Open();
        Assert.Equal((2, 2), (await db.OutboxMails.CountAsync(m => m.To == Known, Cancel), await db.OutboxMails.CountAsync(m => m.To == Unknown, Cancel)));

        async Task<MemberView> Seen(string email) => (await scene.Get<MemberReader>().Read(scene.Owner, Cancel)).Members.Single(m => m.Email == email);

        async Task<string> Budget(string email)
        {
            var seat = (await Seen(email)).SeatId;
            return (await scene.Get<BudgetDesk>().Read(scene.Owner, Cancel)).Single(b => b.SubjectId == seat).Name;
        }

        async Task<Refusal?> Again(string email) => (await scene.Desk.InviteAgain(scene.Owner, (await Seen(email)).SeatId, MemberScene.Origin, Guid.NewGuid(), Cancel)).Refusal;
    }
}
