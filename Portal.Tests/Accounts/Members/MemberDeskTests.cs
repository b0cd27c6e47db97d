using System.Net;
using System.Security.Claims;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Accounts.Members;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Data.Jobs;
using Portal.Data.Support;
using Portal.Tests.Fixtures;
using static Portal.Tests.Billing.Ledger.WalletScene;

namespace Portal.Tests.Accounts.Members;

public sealed partial class MemberDeskTests : IAsyncDisposable
{
    private MemberScene scene = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Somebody_unknown_gets_a_link_that_sets_a_password_confirms_the_address_and_works_once(DatabaseProvider provider)
    {
        await Start(provider);
        Assert.Null(await Invite(scene.Owner, "new@school.example"));
        var (who, token) = LinkOf(Assert.Single(await Letters("new@school.example")));
        var invitations = scene.Get<Invitations>();

        Assert.Equal("invitation.invalid", (await invitations.Accept(who, token + "x", new NewPerson("New student", "a-good-password"))).Refusal?.Code);
        Assert.Equal("person.name", (await invitations.Accept(who, token, new NewPerson(" ", "a-good-password"))).Refusal?.Code);
        Assert.Equal("password.weak", (await invitations.Accept(who, token, new NewPerson("New student", "short"))).Refusal?.Code);
        Assert.Null((await invitations.Accept(who, token, new NewPerson("New student", "a-good-password"))).Refusal);
        Assert.Equal("invitation.invalid", (await invitations.Accept(who, token, new NewPerson("Somebody else", "another-password"))).Refusal?.Code);

        await using var db = scene.Open();
        var person = await db.Users.SingleAsync(p => p.Email == "new@school.example", Cancel);
        Assert.True(person is { EmailConfirmed: true, DisplayName: "New student", PasswordHash: not null });
        await Come(person.Id);
        var member = (await scene.Get<MemberReader>().Read(scene.Owner)).Members.Single(m => m.Email == person.Email);
        Assert.Equal((MemberRole.Member, "New student", false), (member.Role, member.Name, member.Invited));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Somebody_who_never_proved_the_address_is_invited_like_a_stranger(DatabaseProvider provider)
    {
        await Start(provider);
        var waiting = await scene.NewPerson("waiting@school.example");
        await using (var db = scene.Open())
            await db.Users.Where(p => p.Id == waiting.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.EmailConfirmed, false), Cancel);

        Assert.Null(await Invite(scene.Owner, "waiting@school.example"));

        var (who, token) = LinkOf(Assert.Single(await Letters("waiting@school.example")));
        await using var request = scene.Services.CreateAsyncScope();
        Assert.Null((await request.ServiceProvider.GetRequiredService<Invitations>().Accept(who, token, new NewPerson("Pat", "a-good-password"))).Refusal);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Somebody_known_just_gets_a_seat_and_a_member_is_not_invited_twice(DatabaseProvider provider)
    {
        await Start(provider);

        Assert.Null(await Invite(scene.Owner, "OWNER@college.example"));
        Assert.Equal(new Refusal("member.already", "owner@college.example"), await Invite(scene.Owner, "owner@college.example"));

        Assert.DoesNotContain("token=", Assert.Single(await Letters("owner@college.example")).Html, StringComparison.Ordinal);
        await using var db = scene.Open();
        Assert.Equal(1, await db.Users.CountAsync(p => p.Email == "owner@college.example", Cancel));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nobody")]
    [InlineData("a@b.example\r\nBcc: c@d.example")]
    [InlineData("Name <a@b.example>")]
    [InlineData("a@b.example, c@d.example")]
    [InlineData("\"a@b\"@c.example")]
    public async Task What_is_no_address_is_not_invited(string email)
    {
        await Start(DatabaseProvider.Sqlite);

        Assert.Equal("email.invalid", (await Invite(scene.Owner, email))?.Code);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task The_same_form_sent_at_once_invites_once(DatabaseProvider provider)
    {
        await Start(provider);
        var form = Guid.NewGuid();

        var refusals = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Invite(scene.Owner, "twice@school.example", form: form))));

        Assert.All(refusals, Assert.Null);
        Assert.Single(await Letters("twice@school.example"));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Two_organisations_that_invite_a_new_address_at_once_share_one_person(DatabaseProvider provider)
    {
        await Start(provider);

        var refusals = await Task.WhenAll(
            Task.Run(() => Invite(scene.Owner, "both@school.example")),
            Task.Run(() => Invite(scene.Stranger, "both@school.example")));

        Assert.All(refusals, Assert.Null);
        await using var db = scene.Open();
        var person = await db.Users.SingleAsync(p => p.Email == "both@school.example", Cancel);
        Assert.Equal(2, await db.Memberships.CountAsync(m => m.PersonId == person.Id, Cancel));
    }

    [Theory]
    [InlineData("owner@college.example")]
    [InlineData("nobody@nowhere.example")]
    public async Task Nobody_is_flooded_with_invitations_whether_they_have_an_account_or_not(string email)
    {
        await Start(DatabaseProvider.Sqlite);
        for (var i = 0; i < MemberDesk.InvitationsPerAddressMax; i++)
        {
            Assert.Null(await Invite(scene.Owner, email));
            await RemoveSeatOf(email);
        }

        Assert.Equal(new Refusal("invitation.address-limit", email, "5"), await Invite(scene.Owner, email));
        Assert.Equal(MemberDesk.InvitationsPerAddressMax, (await Letters(email)).Count);

        scene.Time.Advance(TimeSpan.FromHours(1));
        Assert.Null(await Invite(scene.Owner, email));
    }

    [Fact]
    public async Task An_invitation_is_sent_again_only_so_often()
    {
        await Start(DatabaseProvider.Sqlite);
        var seat = Guid.NewGuid();
        Assert.Null(await Invite(scene.Owner, "new@school.example", form: seat));
        for (var again = 1; again < MemberDesk.InvitationsPerAddressMax; again++) Assert.Null(await Again());

        Assert.Equal("invitation.address-limit", (await Again())?.Code);

        async Task<Refusal?> Again() => (await scene.Desk.InviteAgain(scene.Owner, seat, MemberScene.Origin, Guid.NewGuid())).Refusal;
    }

    [Fact]
    public async Task One_person_invites_no_more_than_a_school_in_an_hour()
    {
        await Start(DatabaseProvider.Sqlite);
        await using (var db = scene.Open())
        {
            db.AuditEntries.AddRange(Enumerable.Range(0, MemberDesk.InvitationsPerHourMax).Select(i => new AuditEntry
            {
                At = scene.Time.GetUtcNow(), AccountId = scene.Account, PersonId = scene.Owner.PersonId, Action = "member.invited", Subject = $"{i}",
            }));
            await db.SaveChangesAsync(Cancel);
        }

        Assert.Equal(new Refusal("invitation.caller-limit", "500"), await Invite(scene.Owner, "new@school.example"));
        Assert.Null(await Invite(scene.Admin, "new@school.example"));
        scene.Time.Advance(TimeSpan.FromHours(1));
        Assert.Null(await Invite(scene.Owner, "newer@school.example"));
    }

    [Fact]
    public async Task Only_an_owner_makes_billing_admins_and_nobody_invites_owners_and_members_invite_nobody()
    {
        await Start(DatabaseProvider.Sqlite);

        Assert.Null(await Invite(scene.Owner, "a@school.example", MemberRole.BillingAdmin));
        Assert.Null(await Invite(scene.Admin, "b@school.example"));
        Assert.Equal(Refusal.Forbidden, await Invite(scene.Admin, "c@school.example", MemberRole.BillingAdmin));
        Assert.Equal(Refusal.Forbidden, await Invite(scene.Owner, "c@school.example", MemberRole.Owner));
        Assert.Equal(Refusal.Forbidden, await Invite(scene.Student, "c@school.example"));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_removed_member_leaves_the_unused_quota_and_their_keys_end(DatabaseProvider provider)
    {
        await Start(provider);
        await scene.Grant(LedgerCodes.Pool, Unit.Images, 100);
        await scene.Grant(LedgerCodes.Pool, Unit.Tokens, 100);
        await Give(Unit.Images, 40);
        await Give(Unit.Tokens, 60);
        await using (var db = scene.Open())
        {
            db.ApiKeys.Add(new ApiKey { Id = Guid.NewGuid(), AccountId = scene.Account, MembershipId = scene.Student.MembershipId, Name = "k", Prefix = "k", Hash = "h" });
            await db.SaveChangesAsync(Cancel);
        }

        Assert.Null((await scene.Desk.Remove(scene.Admin, scene.Student.MembershipId, Guid.NewGuid())).Refusal);

        Assert.Equal((100, 100), (await scene.Free(Unit.Images), await scene.Free(Unit.Tokens)));
        Assert.Null(await scene.Again(scene.Student));
        await using (var db = scene.Open())
        {
            Assert.NotNull((await db.ApiKeys.SingleAsync(Cancel)).RevokedAt);
        }

        Assert.Equal(Refusal.NotFound, (await scene.Desk.Remove(scene.Admin, scene.Student.MembershipId, Guid.NewGuid())).Refusal);
        await scene.AssertBooks();
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Somebody_who_comes_back_has_the_same_seat_with_nothing_on_it(DatabaseProvider provider)
    {
        await Start(provider);
        await scene.Grant(LedgerCodes.Pool, Unit.Images, 100);
        await Give(Unit.Images, 40);
        await scene.Desk.Remove(scene.Owner, scene.Student.MembershipId, Guid.NewGuid());

        Assert.Null(await Invite(scene.Owner, "student@school.example", MemberRole.BillingAdmin));

        var again = await scene.Again(scene.Student);
        Assert.Equal(MemberRole.BillingAdmin, again?.Role);
        Assert.Equal(0, await scene.Left(scene.Student, Unit.Images));

        await Give(Unit.Images, 10);
        Assert.Null((await scene.Desk.Remove(scene.Owner, scene.Student.MembershipId, Guid.NewGuid())).Refusal);
        Assert.Equal(100, await scene.Free(Unit.Images));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task F25_A_member_can_be_removed_in_the_middle_of_a_prompt_and_what_it_leaves_returns_to_the_pool(DatabaseProvider provider)
    {
        await Start(provider);
        await scene.Grant(LedgerCodes.Pool, Unit.Tokens, 100);
        await Give(Unit.Tokens, 100);
        var prompt = Guid.NewGuid();
        await scene.Ledger.Apply(Hold(scene.Account, prompt, 30, scene.Student.MembershipId, seatOnly: true), Cancel);

        Assert.Null((await scene.Desk.Remove(scene.Owner, scene.Student.MembershipId, Guid.NewGuid())).Refusal);
        Assert.Equal((70, 0), (await scene.Free(Unit.Tokens), await scene.Get<RemovedSeats>().Empty(Cancel)));

        await scene.Ledger.Apply(Settle(scene.Account, prompt, 10), Cancel);
        Assert.Equal((1, 0), (await scene.Get<RemovedSeats>().Empty(Cancel), await scene.Get<RemovedSeats>().Empty(Cancel)));
        Assert.Equal((90, 0), (await scene.Free(Unit.Tokens), await scene.Left(scene.Student, Unit.Tokens)));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task An_organisation_keeps_an_owner_even_when_two_remove_each_other_at_once(DatabaseProvider provider)
    {
        await Start(provider);
        Assert.Equal("member.last-owner", (await scene.Desk.Remove(scene.Owner, scene.Owner.MembershipId, Guid.NewGuid())).Refusal?.Code);
        Assert.Equal("member.last-owner", (await scene.Desk.ChangeRole(scene.Owner, scene.Owner.MembershipId, MemberRole.Member)).Refusal?.Code);
        Assert.Null((await scene.Desk.ChangeRole(scene.Owner, scene.Admin.MembershipId, MemberRole.Owner)).Refusal);
        var second = (await scene.Again(scene.Admin))!;

        var refusals = await Task.WhenAll(
            Task.Run(async () => (await scene.Desk.Remove(scene.Owner, second.MembershipId, Guid.NewGuid())).Refusal),
            Task.Run(async () => (await scene.Desk.Remove(second, scene.Owner.MembershipId, Guid.NewGuid())).Refusal));

        Assert.Single(refusals, r => r is null);
        await using var db = scene.Open();
        Assert.Equal(1, await db.Memberships.CountAsync(m => m.AccountId == scene.Account && m.RemovedAt == null && m.Role == MemberRole.Owner, Cancel));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Nobody_becomes_an_owner_who_has_not_been_in_the_organisation_since_they_were_invited(DatabaseProvider provider)
    {
        const string Email = "owner@college.example";
        await Start(provider);
        Assert.Null(await Invite(scene.Owner, Email));
        Assert.Equal(new Refusal("member.not-here", Email), await MakeOwner());

        await Come(scene.Stranger.PersonId);
        await RemoveSeatOf(Email);
        scene.Time.Advance(TimeSpan.FromHours(2));
        Assert.Null(await Invite(scene.Owner, Email));
        Assert.Equal("member.not-here", (await MakeOwner())?.Code);

        await Come(scene.Stranger.PersonId);
        Assert.Null(await MakeOwner());

        async Task<Refusal?> MakeOwner() => (await scene.Desk.ChangeRole(scene.Owner, await SeatOf(Email), MemberRole.Owner, Cancel)).Refusal;
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task An_apostrophe_in_an_address_keeps_nobody_out(DatabaseProvider provider)
    {
        await Start(provider);
        Assert.Null(await Invite(scene.Owner, "o'brien@school.example"));
        var (who, token) = LinkOf(Assert.Single(await Letters("o'brien@school.example")));

        Assert.Null((await scene.Get<Invitations>().Accept(who, token, new NewPerson("O'Brien", "a-good-password"))).Refusal);
        Assert.True((await scene.Get<Registration>().Register("d'arcy@school.example", "en", MemberScene.Origin, Cancel)).Succeeded);
        Assert.Single(await Letters("d'arcy@school.example"));
    }

    [Fact]
    public async Task A_billing_admin_changes_no_roles_and_removes_members_only()
    {
        await Start(DatabaseProvider.Sqlite);

        Assert.Equal(Refusal.Forbidden, (await scene.Desk.ChangeRole(scene.Admin, scene.Student.MembershipId, MemberRole.BillingAdmin)).Refusal);
        Assert.Equal(Refusal.Forbidden, (await scene.Desk.Remove(scene.Admin, scene.Owner.MembershipId, Guid.NewGuid())).Refusal);
        Assert.Equal(Refusal.NotFound, (await scene.Desk.Remove(scene.Admin, scene.Stranger.MembershipId, Guid.NewGuid())).Refusal);
        Assert.Equal(Refusal.NotFound, (await scene.Desk.ChangeRole(scene.Owner, scene.Stranger.MembershipId, MemberRole.Member)).Refusal);
        Assert.Equal(Refusal.Forbidden, (await scene.Desk.Remove(scene.Student, scene.OtherStudent.MembershipId, Guid.NewGuid())).Refusal);
    }

    public async ValueTask DisposeAsync()
    {
        if (scene is not null) await scene.DisposeAsync();
    }

    private async Task Start(DatabaseProvider provider) => scene = await MemberScene.Start(provider);

    private async Task Give(Unit unit, long amount) =>
        Assert.Null((await scene.Allocator.Give(scene.Owner, [scene.Student.MembershipId], unit, amount, Guid.NewGuid())).Refusal);

    private async Task<Refusal?> Invite(Caller by, string email, MemberRole role = MemberRole.Member, Guid? form = null) =>
        (await scene.Desk.Invite(by, email, role, MemberScene.Origin, "en", form ?? Guid.NewGuid())).Refusal;

    /// <summary>To the organisation, as when they choose it in the header.</summary>
    private Task<Caller?> Come(Guid person) => scene.Get<Callers>().Resolve(
        new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, $"{person}"), new Claim(Callers.AccountClaim, $"{scene.Account}")])), Cancel);

    private async Task RemoveSeatOf(string email)
    {
        Assert.Null((await scene.Desk.Remove(scene.Owner, await SeatOf(email), Guid.NewGuid())).Refusal);
    }

    private async Task<Guid> SeatOf(string email) => (await scene.Get<MemberReader>().Read(scene.Owner)).Members.Single(m => m.Email == email).SeatId;

    private async Task<List<OutboxMail>> Letters(string to)
    {
        await using var db = scene.Open();
        return await db.OutboxMails.Where(m => m.To == to).ToListAsync(Cancel);
    }

    private static (string Who, string Token) LinkOf(OutboxMail letter)
    {
        var link = new Uri(WebUtility.HtmlDecode(Href().Match(letter.Html).Groups[1].Value));
        Assert.StartsWith($"{MemberScene.Origin}{Invitations.Page}?", link.ToString(), StringComparison.Ordinal);
        var query = QueryHelpers.ParseQuery(link.Query);
        return ($"{query["who"]}", $"{query["token"]}");
    }

    [GeneratedRegex("href=\"([^\"]+)\"")]
    private static partial Regex Href();
}
