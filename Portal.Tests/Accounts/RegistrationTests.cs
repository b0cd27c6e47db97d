using System.Net;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Accounts;
using Portal.Tests.Accounts.SignIn;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Accounts;

public sealed class RegistrationTests(PortalApp portal) : IClassFixture<PortalApp>, IDisposable
{
    private readonly AccountPages pages = new(portal);

    [Fact]
    public async Task A_new_person_gets_a_personal_account_a_seat_and_a_project()
    {
        var email = AccountPages.NewEmail();

        await pages.Register(email, name: " Ada ");

        await using var db = portal.Database.Open();
        var person = await db.Users.SingleAsync(p => p.Email == email, TestContext.Current.CancellationToken);
        var seat = await db.Memberships.Include(m => m.Account).SingleAsync(m => m.PersonId == person.Id, TestContext.Current.CancellationToken);
        Assert.Equal(("Ada", "en", false), (person.DisplayName, person.Culture, person.EmailConfirmed));
        Assert.Equal((MemberRole.Owner, AccountKind.Personal, "Ada"), (seat.Role, seat.Account.Kind, seat.Account.Name));
        Assert.Single(await db.Projects.Where(p => p.AccountId == seat.AccountId).ToListAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_letters_link_confirms_the_address_also_when_it_is_opened_twice()
    {
        var email = AccountPages.NewEmail();
        await pages.Register(email);
        var link = pages.LinkTo(email);

        Assert.Contains("Your address is confirmed", (await pages.Get(link)).Html, StringComparison.Ordinal);
        Assert.Contains("Your address is confirmed", (await pages.Get(link)).Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/account/confirm-email")]
    [InlineData("/account/confirm-email?who=nobody&token=x")]
    [InlineData("/account/confirm-email?who=01a1ff7d-1624-7e10-9bd1-e80dc8ecb67f&token=%21%21")]
    public async Task A_made_up_link_confirms_nothing(string link) =>
        Assert.Contains("This link is no longer good", (await pages.Get(link)).Html, StringComparison.Ordinal);

    [Fact]
    public async Task A_link_of_one_person_does_not_confirm_another()
    {
        var (mine, theirs) = (AccountPages.NewEmail(), AccountPages.NewEmail());
        await pages.Register(mine);
        await pages.Register(theirs);
        var forged = new Uri(pages.LinkTo(theirs)).Query.Split("&token=")[0] + "&token=" + pages.LinkTo(mine).Split("&token=")[1];

        Assert.Contains("This link is no longer good", (await pages.Get($"/account/confirm-email{forged}")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_with_a_wrong_token_says_the_same_of_who_has_confirmed_who_waits_and_nobody()
    {
        var (done, waiting) = (AccountPages.NewEmail(), AccountPages.NewEmail());
        await pages.RegisterAndConfirm(done);
        await pages.Register(waiting);
        await using var db = portal.Database.Open();
        var people = await db.Users.Where(p => p.Email == done || p.Email == waiting).Select(p => p.Id).ToListAsync(TestContext.Current.CancellationToken);

        foreach (var who in people.Append(Guid.NewGuid()))
            Assert.Contains("This link is no longer good", (await pages.Get($"/account/confirm-email?who={who}&token=Q2ZESjhB")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_has_an_account_gets_the_same_answer_and_a_letter_that_says_so()
    {
        var (known, free) = (AccountPages.NewEmail(), AccountPages.NewEmail());
        await pages.RegisterAndConfirm(known);

        var again = await pages.Register(known);
        var first = await pages.Register(free);

        Assert.Equal((first.Status, first.Location), (again.Status, again.Location));
        Assert.Equal(first.Seen, again.Seen);
        Assert.Equal("You already have an account", pages.LettersTo(known)[0].Subject);
        await using var db = portal.Database.Open();
        Assert.Equal(1, await db.Users.CountAsync(p => p.Email == known, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Somebody_who_was_invited_and_registers_chooses_the_password_by_letter_and_has_an_account_of_their_own()
    {
        var email = AccountPages.NewEmail();
        await using var db = portal.Database.Open();
        db.Users.Add(new Person
        {
            Id = Guid.NewGuid(), UserName = email, NormalizedUserName = email.ToUpperInvariant(), Email = email, NormalizedEmail = email.ToUpperInvariant(),
            SecurityStamp = "stamp", CreatedAt = DateTimeOffset.UnixEpoch,
        });
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);

        await pages.Register(email, "typed by anybody 1");

        Assert.Equal("Finish your registration", Assert.Single(pages.LettersTo(email)).Subject);
        Assert.Contains("not right", (await pages.SignIn(email, "typed by anybody 1")).Html, StringComparison.Ordinal);
        var link = pages.LinkTo(email);
        await pages.Submit(link, "invitation", ("Input.Name", "Ada"), ("Input.Password", "short"));
        var accepted = await pages.Submit(link, "invitation", ("Input.Name", "Ada"), ("Input.Password", AccountPages.Password));
        Assert.Equal(HttpStatusCode.Redirect, accepted.Status);
        Assert.Equal(HttpStatusCode.Redirect, (await pages.SignIn(email)).Status);
        var seat = await db.Memberships.Include(m => m.Account).SingleAsync(m => m.Person.Email == email, TestContext.Current.CancellationToken);
        Assert.Equal((MemberRole.Owner, AccountKind.Personal, "Ada"), (seat.Role, seat.Account.Kind, seat.Account.Name));
    }

    [Fact]
    public async Task A_weak_password_is_refused_alike_for_known_and_unknown_addresses()
    {
        var known = AccountPages.NewEmail();
        await pages.RegisterAndConfirm(known);

        var again = await pages.Register(known, "short");
        var first = await pages.Register(AccountPages.NewEmail(), "short");

        Assert.Contains("Use at least 10 characters.", first.Html, StringComparison.Ordinal);
        Assert.Equal(first.Seen, again.Seen);
    }

    [Theory]
    [InlineData("", "Ada")]
    [InlineData("not an address", "Ada")]
    [InlineData("Ada <ada@example.org>", "Ada")]
    [InlineData("ada@example.org\r\nBcc: eve@example.org", "Ada")]
    [InlineData("ada@example.org", "")]
    [InlineData("ada@example.org", "   ")]
    [InlineData("ada@example.org", "a name that is far too long for a name, longer than any name that a person bears")]
    public async Task A_form_with_something_wrong_is_shown_again_and_makes_nobody(string email, string name)
    {
        var answer = await pages.Register(email, name: name);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Contains("aria-invalid=\"true\"", answer.Html, StringComparison.Ordinal);
        Assert.Empty(pages.LettersTo(email));
    }

    [Fact]
    public async Task The_letter_comes_again_only_for_an_address_that_waits()
    {
        var (waiting, done) = (AccountPages.NewEmail(), AccountPages.NewEmail());
        await pages.Register(waiting);
        await pages.RegisterAndConfirm(done);

        var one = await pages.Submit("/account/resend-confirmation", "resend", ("Input.Email", waiting));
        var other = await pages.Submit("/account/resend-confirmation", "resend", ("Input.Email", done));

        Assert.Equal(one.Seen, other.Seen);
        Assert.Equal((2, 1), (pages.LettersTo(waiting).Count, pages.LettersTo(done).Count));
    }

    [Fact]
    public async Task A_post_without_the_forms_token_is_refused()
    {
        var email = AccountPages.NewEmail();

        var answer = await pages.Post("/account/register", ("_handler", "register"), ("Input.DisplayName", "Eve"), ("Input.Email", email), ("Input.Password", AccountPages.Password));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Empty(pages.LettersTo(email));
    }

    public void Dispose() => pages.Dispose();
}
