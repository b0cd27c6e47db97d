using System.Net;
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
