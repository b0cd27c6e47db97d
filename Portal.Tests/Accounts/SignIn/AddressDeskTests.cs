using System.Net;
using Microsoft.EntityFrameworkCore;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Accounts.SignIn;

public sealed class AddressDeskTests(PortalApp portal) : IClassFixture<PortalApp>, IDisposable
{
    private const string Sent = "We sent a letter to";

    private readonly AccountPages pages = new(portal);

    [Fact]
    public async Task The_new_address_counts_once_its_owner_says_so_and_the_old_one_is_told()
    {
        var (before, after) = (await SignedIn(), AccountPages.NewEmail());

        Assert.Contains(Sent, (await Ask(after)).Html, StringComparison.Ordinal);
        var link = pages.LinkTo(after);
        // As a mail program does that looks at links before a person does.
        Assert.Contains(after, (await pages.Get(link)).Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await SignIn(before)).Status);
        Assert.Contains("Your address is changed", (await pages.Submit(link, "new-address")).Html, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.OK, (await SignIn(before)).Status);
        Assert.Equal(HttpStatusCode.Redirect, (await SignIn(after)).Status);
        await using var db = portal.Database.Open();
        var letter = await db.OutboxMails.Where(m => m.To == before).OrderByDescending(m => m.CreatedAt).FirstAsync(TestContext.Current.CancellationToken);
        Assert.Contains(after, letter.Html, StringComparison.Ordinal);
        Assert.Contains("no longer works", (await pages.Get(link)).Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nobody", AccountPages.Password, "not a new e-mail address")]
    [InlineData("", AccountPages.Password, "not a new e-mail address")]
    [InlineData("new@example.org", "not my password", "current password is not right")]
    [InlineData("new@example.org", "", "Enter a password")]
    public async Task A_wrong_address_or_password_is_refused_with_the_reason_and_writes_to_nobody(string address, string password, string reason)
    {
        await SignedIn();

        var answer = await Ask(address, password);

        Assert.Contains(reason, answer.Html, StringComparison.Ordinal);
        Assert.Contains($"value=\"{address}\"", answer.Html, StringComparison.Ordinal);
        Assert.Empty(pages.LettersTo(address));
    }

    [Fact]
    public async Task Who_asks_for_anothers_address_is_told_nothing_about_it_and_gets_nothing()
    {
        var owner = AccountPages.NewEmail();
        await pages.RegisterAndJoin(owner);
        var mine = await SignedIn();

        Assert.Contains(Sent, (await Ask(owner)).Html, StringComparison.Ordinal);

        Assert.Equal("Somebody asked for this address", pages.LettersTo(owner)[0].Subject);
        Assert.DoesNotContain("new-address", pages.LettersTo(owner)[0].Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await SignIn(mine)).Status);
        Assert.Equal(HttpStatusCode.Redirect, (await SignIn(owner)).Status);
    }

    [Fact]
    public async Task Of_two_who_ask_for_one_address_the_first_to_confirm_has_it()
    {
        var wanted = AccountPages.NewEmail();
        await SignedIn();
        await Ask(wanted);
        var link = pages.LinkTo(wanted);
        using var other = new AccountPages(portal);
        await other.Register(wanted);
        await other.Join(wanted);

        Assert.Contains("Another account has this address", (await pages.Submit(link, "new-address")).Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await SignIn(wanted)).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?who=nobody&token=x")]
    [InlineData("?who=01a1ff7d-1624-7e10-9bd1-e80dc8ecb67f&token=YUBiLmNuCng")]
    public async Task A_made_up_link_leads_nowhere(string query) =>
        Assert.Contains("no longer works", (await pages.Get($"/account/new-address{query}")).Html, StringComparison.Ordinal);

    public void Dispose() => pages.Dispose();

    private async Task<string> SignedIn()
    {
        var email = AccountPages.NewEmail();
        await pages.RegisterAndJoin(email);
        await pages.SignIn(email);
        return email;
    }

    private Task<AccountPages.Answer> Ask(string address, string password = AccountPages.Password) =>
        pages.Submit("/account/address", "address", ("Input.Address", address), ("Input.Password", password));

    private async Task<AccountPages.Answer> SignIn(string email)
    {
        using var elsewhere = new AccountPages(portal);
        return await elsewhere.SignIn(email);
    }
}
