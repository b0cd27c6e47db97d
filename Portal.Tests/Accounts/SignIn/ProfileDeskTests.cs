using System.Net;
using Microsoft.EntityFrameworkCore;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Accounts.SignIn;

public sealed class ProfileDeskTests(PortalApp portal) : IClassFixture<PortalApp>, IDisposable
{
    private readonly AccountPages pages = new(portal);

    [Fact]
    public async Task Name_language_and_time_zone_are_kept()
    {
        var email = await SignedIn();

        var answer = await Save("Ada L.", "zh-CN", "Europe/Berlin");

        Assert.Equal(HttpStatusCode.Redirect, answer.Status);
        await using var db = portal.Database.Open();
        var person = await db.Users.SingleAsync(p => p.Email == email, TestContext.Current.CancellationToken);
        var account = await db.Memberships.Where(m => m.PersonId == person.Id).Select(m => m.Account).SingleAsync(TestContext.Current.CancellationToken);
        Assert.Equal(("Ada L.", "zh-CN", "Ada L.", "Europe/Berlin"), (person.DisplayName, person.Culture, account.Name, account.TimeZone));
        Assert.Contains("个人资料与密码", (await pages.Get("/account/manage")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_tabs_that_save_in_the_same_moment_are_all_answered()
    {
        await SignedIn();
        var token = await pages.TokenOf("/account/manage");

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(tab => pages.Post(
            "/account/manage", ("_handler", "profile"), token, ("About.DisplayName", $"Ada {tab}"), ("About.Culture", "en"), ("About.TimeZone", "Europe/Berlin"))));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Redirect, answer.Status));
    }

    [Theory]
    [InlineData("", "en", "Europe/Berlin", "The name was not saved")]
    [InlineData("Ada", "tlh", "Europe/Berlin", "The language was not saved")]
    [InlineData("Ada", "en", "Mars/Olympus", "The time zone was not saved")]
    public async Task A_made_up_value_is_refused_with_the_reason(string name, string culture, string zone, string reason)
    {
        await SignedIn();

        var answer = await Save(name, culture, zone);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Contains(reason, answer.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_else_sees_the_page() => Assert.Equal(HttpStatusCode.Redirect, (await pages.Get("/account/manage")).Status);

    public void Dispose() => pages.Dispose();

    private async Task<string> SignedIn()
    {
        var email = AccountPages.NewEmail();
        await pages.RegisterAndJoin(email);
        await pages.SignIn(email);
        return email;
    }

    private Task<AccountPages.Answer> Save(string name, string culture, string zone) =>
        pages.Submit("/account/manage", "profile", ("About.DisplayName", name), ("About.Culture", culture), ("About.TimeZone", zone));
}
