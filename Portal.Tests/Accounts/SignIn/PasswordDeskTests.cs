using System.Net;
using Portal.Accounts.Mail;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Accounts.SignIn;

public sealed class PasswordDeskTests(PortalApp portal) : IClassFixture<PortalApp>, IDisposable
{
    private const string Other = "battery staple 2";

    private readonly AccountPages pages = new(portal);

    [Fact]
    public async Task A_forgotten_password_is_replaced_once_by_the_letters_link()
    {
        var email = AccountPages.NewEmail();
        await pages.RegisterAndJoin(email);
        await Forget(email);
        var link = new Uri(pages.LinkTo(email)).PathAndQuery;

        var first = await pages.Submit(link, "reset", ("Input.Password", Other));
        var second = await pages.Submit(link, "reset", ("Input.Password", "a third password"));

        Assert.Contains("Your password is changed", first.Html, StringComparison.Ordinal);
        Assert.Contains("This link is no longer good", second.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await pages.SignIn(email)).Status);
        Assert.Equal(HttpStatusCode.Redirect, (await pages.SignIn(email, Other)).Status);
    }

    [Fact]
    public async Task Asking_for_a_new_password_tells_nobody_who_has_an_account()
    {
        var (known, unknown) = (AccountPages.NewEmail(), AccountPages.NewEmail());
        await pages.RegisterAndJoin(known);

        var one = await Forget(known);
        var other = await Forget(unknown);

        Assert.Equal(one.Seen, other.Seen);
        Assert.Equal("Choose a new password", pages.LettersTo(known)[0].Subject);
        Assert.Empty(pages.LettersTo(unknown));
    }

    [Fact]
    public async Task Asking_again_and_again_fills_no_mailbox_and_still_tells_nobody_who_has_an_account()
    {
        var (known, unknown) = (AccountPages.NewEmail(), AccountPages.NewEmail());
        await pages.RegisterAndJoin(known);
        for (var i = 0; i < 7; i++) await Forget(known);

        Assert.Equal((await Forget(unknown)).Seen, (await Forget(known)).Seen);
        Assert.Equal(AccountLetters.PerHourMax, pages.LettersTo(known).Count(letter => letter.Subject == "Choose a new password"));
    }

    [Fact]
    public async Task A_new_password_also_ends_a_lockout()
    {
        var email = AccountPages.NewEmail();
        await pages.RegisterAndJoin(email);
        for (var tries = 0; tries < 5; tries++) await pages.SignIn(email, "wrong password 1");
        await Forget(email);

        await pages.Submit(new Uri(pages.LinkTo(email)).PathAndQuery, "reset", ("Input.Password", Other));

        Assert.Equal("/", new Uri(portal.Address, (await pages.SignIn(email, Other)).Location).AbsolutePath);
    }

    [Fact]
    public async Task A_password_is_changed_only_by_who_knows_it()
    {
        var email = AccountPages.NewEmail();
        await pages.RegisterAndJoin(email);
        await pages.SignIn(email);

        var guess = await pages.Submit("/account/manage", "password", ("Secret.Before", "wrong password 1"), ("Secret.After", Other));
        var change = await pages.Submit("/account/manage", "password", ("Secret.Before", AccountPages.Password), ("Secret.After", Other));

        Assert.Contains("The current password is not right.", guess.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, change.Status);
        using var elsewhere = new AccountPages(portal);
        Assert.Equal(HttpStatusCode.Redirect, (await elsewhere.SignIn(email, Other)).Status);
    }

    public void Dispose() => pages.Dispose();

    private Task<AccountPages.Answer> Forget(string email) => pages.Submit("/account/forgot-password", "forgot", ("Input.Email", email));
}
