using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Accounts.SignIn;
using Portal.Data.Accounts;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Accounts.SignIn;

public sealed class SignInDeskTests(PortalApp portal) : IClassFixture<PortalApp>, IDisposable
{
    private readonly AccountPages pages = new(portal);

    [Fact]
    public async Task The_right_password_opens_the_portal()
    {
        var email = AccountPages.NewEmail();
        await pages.RegisterAndJoin(email);

        Assert.Equal((HttpStatusCode.Redirect, "/"), StatusAndPath(await pages.SignIn(email)));
        Assert.Equal(HttpStatusCode.OK, (await pages.Get("/")).Status);
    }

    [Fact]
    public async Task Every_try_with_a_known_address_is_remembered_with_its_outcome_and_forgotten_after_90_days()
    {
        var email = AccountPages.NewEmail();
        await pages.RegisterAndJoin(email);
        await pages.SignIn(email, "wrong password 1");
        await pages.SignIn(email);

        await using var db = portal.Database.Open();
        var person = await db.Users.Where(p => p.Email == email).Select(p => p.Id).SingleAsync(TestContext.Current.CancellationToken);
        var tries = await db.SignIns.Where(s => s.PersonId == person).OrderBy(s => s.Id).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal([SignInOutcome.WrongPassword, SignInOutcome.Done], tries.Select(t => t.Outcome));
        Assert.All(tries, t => Assert.NotNull(t.Address));

        var later = new FakeTime();
        later.Advance(tries[1].At + TimeSpan.FromDays(91) - later.GetUtcNow());
        Assert.True(await new SignInLog(portal.Database.Factory, later).Prune(TestContext.Current.CancellationToken) >= 2);
        Assert.False(await db.SignIns.AnyAsync(s => s.PersonId == person, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Whoever_is_not_signed_in_is_led_to_the_sign_in_page()
    {
        var answer = await pages.Get("/");

        Assert.Equal(HttpStatusCode.Redirect, answer.Status);
        Assert.Contains("/account/login", answer.Location, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_address_look_the_same()
    {
        var email = AccountPages.NewEmail();
        await pages.RegisterAndJoin(email);

        var wrong = await pages.SignIn(email, "wrong password 1");
        var unknown = await pages.SignIn(AccountPages.NewEmail(), "wrong password 1");

        Assert.Contains("E-mail or password is not right", wrong.Html, StringComparison.Ordinal);
        Assert.Equal(wrong.Seen, unknown.Seen);
    }

    [Fact]
    public async Task Five_wrong_passwords_lock_an_address_whether_it_has_an_account_or_not()
    {
        var email = AccountPages.NewEmail();
        await pages.RegisterAndJoin(email);

        foreach (var address in new[] { email, AccountPages.NewEmail() })
        {
            for (var tries = 1; tries < 5; tries++) Assert.Equal(HttpStatusCode.OK, (await pages.SignIn(address, "wrong password 1")).Status);
            Assert.Equal((HttpStatusCode.Redirect, "/account/lockout"), StatusAndPath(await pages.SignIn(address, "wrong password 1")));
            Assert.Equal((HttpStatusCode.Redirect, "/account/lockout"), StatusAndPath(await pages.SignIn(address)));
        }
    }

    [Fact]
    public async Task Wrong_passwords_that_are_sent_at_once_count_one_by_one_and_the_right_one_among_them_is_locked_out_too()
    {
        var email = (await portal.AddPersonAsync(AccountPages.NewEmail())).Email;
        portal.Services.GetRequiredService<IHttpContextAccessor>().HttpContext = new DefaultHttpContext();
        var tries = Enumerable.Range(0, 6).Select(_ => portal.Services.CreateAsyncScope()).ToList();

        // Each has read the person before one of them is counted.
        foreach (var request in tries) Assert.NotNull(await request.ServiceProvider.GetRequiredService<UserManager<Person>>().FindByEmailAsync(email));
        var answers = new List<SignInAnswer>();
        foreach (var (at, request) in tries.Index())
        {
            await using (request) answers.Add(await request.ServiceProvider.GetRequiredService<SignInDesk>().SignIn(email, at < 5 ? "wrong password 1" : People.Password, remember: false));
        }

        Assert.Equal([SignInAnswer.Wrong, SignInAnswer.Wrong, SignInAnswer.Wrong, SignInAnswer.Wrong, SignInAnswer.Locked, SignInAnswer.Locked], answers);
    }

    [Theory]
    [InlineData("/usage?range=7", "/usage?range=7")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("https://evil.example/", "/")]
    public async Task Signing_in_leads_to_paths_of_this_site_only(string returnUrl, string path)
    {
        var email = AccountPages.NewEmail();
        await pages.RegisterAndJoin(email);

        Assert.Equal((HttpStatusCode.Redirect, path), StatusAndPath(await pages.SignIn(email, returnUrl: returnUrl)));
    }

    [Fact]
    public async Task A_forged_switch_of_accounts_or_sign_out_is_refused()
    {
        var email = AccountPages.NewEmail();
        await pages.RegisterAndJoin(email);
        await pages.SignIn(email);

        Assert.Equal(HttpStatusCode.BadRequest, (await pages.Post("/account/switch", ("accountId", $"{Guid.NewGuid()}"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await pages.Post("/account/logout", ("x", "y"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await pages.Get("/")).Status);
    }

    [Fact]
    public async Task Whoever_lost_their_only_seat_goes_on_in_one_account_of_their_own()
    {
        var (owner, student) = (await portal.AddPersonAsync(AccountPages.NewEmail()), await portal.AddPersonAsync(AccountPages.NewEmail()));
        await using var db = portal.Database.Open();
        var (now, cancel) = (TimeProvider.System.GetUtcNow(), TestContext.Current.CancellationToken);
        var school = AccountOpener.Open(db, AccountKind.Organisation, "School", owner.Id, now);
        await db.SaveChangesAsync(cancel);
        await db.Memberships.Where(m => m.PersonId == student.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(m => m.AccountId, school.Id).SetProperty(m => m.Role, MemberRole.Member).SetProperty(m => m.RemovedAt, now), cancel);

        await pages.SignIn(student.Email, People.Password);
        var caller = await portal.Services.GetRequiredService<Callers>().Resolve(pages.Session, cancel);
        await pages.SignIn(student.Email, People.Password);

        Assert.Equal((AccountKind.Personal, MemberRole.Owner), (caller!.AccountKind, caller.Role));
        Assert.Equal(caller.AccountId, (await db.Memberships.SingleAsync(m => m.PersonId == student.Id && m.RemovedAt == null, cancel)).AccountId);
        Assert.Equal(HttpStatusCode.OK, (await pages.Get("/account/manage")).Status);
    }

    [Fact]
    public async Task The_account_that_was_chosen_stays_so_through_a_visit_and_a_new_password()
    {
        var staff = await portal.AddPersonAsync(AccountPages.NewEmail(), "en", Roles.Support);
        var customer = await portal.AddPersonAsync(AccountPages.NewEmail());
        await using var db = portal.Database.Open();
        var office = AccountOpener.Open(db, AccountKind.Organisation, "Office", staff.Id, TimeProvider.System.GetUtcNow());
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        await pages.SignIn(staff.Email, People.Password);
        var token = await pages.TokenOf("/account/manage");
        await pages.Post("/account/switch", token, ("accountId", $"{office.Id}"));

        Assert.Equal((HttpStatusCode.Redirect, "/"), StatusAndPath(await pages.Post("/desk/visit", token, ("accountId", $"{customer.AccountId}"), ("reason", "Asked"))));
        Assert.Equal((customer.AccountId, true), await SeenAsync());
        Assert.Equal((HttpStatusCode.Redirect, $"/desk/{customer.AccountId}"), StatusAndPath(await pages.Post("/visit/end", token)));
        Assert.Equal((office.Id, false), await SeenAsync());
        await pages.Submit("/account/manage", "password", ("Secret.Before", People.Password), ("Secret.After", AccountPages.Password));
        Assert.Equal((office.Id, false), await SeenAsync());
        Assert.Equal(HttpStatusCode.OK, (await pages.Get("/account/manage")).Status);

        async Task<(Guid, bool)> SeenAsync()
        {
            var caller = await portal.Services.GetRequiredService<Callers>().Resolve(pages.Session, TestContext.Current.CancellationToken);
            return (caller!.AccountId, caller.ReadOnly);
        }
    }

    public void Dispose() => pages.Dispose();

    private (HttpStatusCode Status, string? Path) StatusAndPath(AccountPages.Answer answer) =>
        (answer.Status, answer.Location is null ? null : new Uri(portal.Address, answer.Location).PathAndQuery);
}
