using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Tests.Accounts.Members;
using Portal.Tests.Accounts.SignIn;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Accounts;

public sealed class RegistrationTests(PortalApp portal) : IClassFixture<PortalApp>, IDisposable
{
    private const string NoLonger = "This link no longer works";

    private readonly AccountPages pages = new(portal);

    [Fact]
    public async Task A_new_person_gets_a_personal_account_a_seat_and_a_project_where_the_letter_leads()
    {
        var email = AccountPages.NewEmail();

        await pages.Register(email);
        await using var db = portal.Database.Open();
        Assert.Empty(await db.Memberships.Where(m => m.Person.Email == email).ToListAsync(TestContext.Current.CancellationToken));
        var joined = await pages.Join(email, name: " Ada ");

        Assert.Equal((HttpStatusCode.Redirect, "/"), (joined.Status, joined.Location?.Replace(portal.Address.ToString().TrimEnd('/'), "", StringComparison.Ordinal)));
        var person = await db.Users.SingleAsync(p => p.Email == email, TestContext.Current.CancellationToken);
        var seat = await db.Memberships.Include(m => m.Account).SingleAsync(m => m.PersonId == person.Id, TestContext.Current.CancellationToken);
        Assert.Equal(("Ada", "en", true), (person.DisplayName, person.Culture, person.EmailConfirmed));
        Assert.Equal((MemberRole.Owner, AccountKind.Personal, "Ada"), (seat.Role, seat.Account.Kind, seat.Account.Name));
        Assert.Single(await db.Projects.Where(p => p.AccountId == seat.AccountId).ToListAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Opening_the_letters_link_alone_confirms_nothing_and_joining_ends_the_link()
    {
        var email = AccountPages.NewEmail();
        await pages.Register(email);
        var link = pages.LinkTo(email);

        // As a mail program does that looks at links before a person does.
        await pages.Get(link);
        await using (var db = portal.Database.Open())
            Assert.False(await db.Users.Where(p => p.Email == email).Select(p => p.EmailConfirmed).SingleAsync(TestContext.Current.CancellationToken));
        await pages.Join(email);

        Assert.Contains(NoLonger, (await pages.Get(link)).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_stranger_set_before_the_address_was_proved_is_worth_nothing()
    {
        var email = AccountPages.NewEmail();
        await using var db = portal.Database.Open();
        db.Users.Add(new Person
        {
            Id = Guid.NewGuid(), UserName = email, NormalizedUserName = email.ToUpperInvariant(), Email = email, NormalizedEmail = email.ToUpperInvariant(),
            SecurityStamp = "stamp", CreatedAt = DateTimeOffset.UnixEpoch, PasswordHash = new PasswordHasher<Person>().HashPassword(new Person(), "of a stranger 1"),
        });
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);

        Assert.Contains("not right", (await pages.SignIn(email, "of a stranger 1")).Html, StringComparison.Ordinal);
        await pages.Register(email);
        await pages.Join(email);

        Assert.Contains("not right", (await pages.SignIn(email, "of a stranger 1")).Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await pages.SignIn(email)).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?who=nobody&token=x")]
    [InlineData("?who=01a1ff7d-1624-7e10-9bd1-e80dc8ecb67f&token=%21%21")]
    public async Task A_made_up_link_leads_nowhere(string query) =>
        Assert.Contains(NoLonger, (await pages.Get($"/account/invitation{query}")).Html, StringComparison.Ordinal);

    [Fact]
    public async Task A_link_of_one_person_does_not_confirm_another()
    {
        var (mine, theirs) = (AccountPages.NewEmail(), AccountPages.NewEmail());
        await pages.Register(mine);
        await pages.Register(theirs);
        var forged = new Uri(pages.LinkTo(theirs)).Query.Split("&token=")[0] + "&token=" + pages.LinkTo(mine).Split("&token=")[1];

        Assert.Contains(NoLonger, (await pages.Get($"/account/invitation{forged}")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_with_a_wrong_token_says_the_same_of_who_has_confirmed_who_waits_and_nobody()
    {
        var (done, waiting) = (AccountPages.NewEmail(), AccountPages.NewEmail());
        await pages.RegisterAndJoin(done);
        await pages.Register(waiting);
        await using var db = portal.Database.Open();
        var people = await db.Users.Where(p => p.Email == done || p.Email == waiting).Select(p => p.Id).ToListAsync(TestContext.Current.CancellationToken);

        foreach (var who in people.Append(Guid.NewGuid()))
            Assert.Contains(NoLonger, (await pages.Get($"/account/invitation?who={who}&token=Q2ZESjhB")).Html, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task One_address_that_registers_four_times_at_once_is_one_person(DatabaseProvider provider)
    {
        await using var scene = await MemberScene.Start(provider);
        var email = AccountPages.NewEmail();

        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => RegisterOn(scene, email)));

        Assert.All(results, result => Assert.True(result.Succeeded));
        await using var db = scene.Open();
        Assert.Equal(1, await db.Users.CountAsync(p => p.Email == email, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_address_that_has_an_account_gets_the_same_answer_and_a_letter_that_says_so()
    {
        var (known, free) = (AccountPages.NewEmail(), AccountPages.NewEmail());
        await pages.RegisterAndJoin(known);

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

        await pages.Register(email);

        Assert.Equal("Finish your registration", Assert.Single(pages.LettersTo(email)).Subject);
        Assert.Contains("at least 10 characters", (await pages.Join(email, "short")).Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await pages.Join(email)).Status);
        Assert.Equal(HttpStatusCode.Redirect, (await pages.SignIn(email)).Status);
        var seat = await db.Memberships.Include(m => m.Account).SingleAsync(m => m.Person.Email == email, TestContext.Current.CancellationToken);
        Assert.Equal((MemberRole.Owner, AccountKind.Personal, "Ada"), (seat.Role, seat.Account.Kind, seat.Account.Name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not an address")]
    [InlineData("Ada <ada@example.org>")]
    [InlineData("ada@example.org\r\nBcc: eve@example.org")]
    public async Task A_form_with_something_wrong_is_shown_again_and_makes_nobody(string email)
    {
        var answer = await pages.Register(email);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Contains("aria-invalid=\"true\"", answer.Html, StringComparison.Ordinal);
        Assert.Empty(pages.LettersTo(email));
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("a name that is far too long for a name, longer than any name that a person bears")]
    public async Task A_name_that_is_none_is_asked_for_again_and_the_link_stays_good(string name)
    {
        var email = AccountPages.NewEmail();
        await pages.Register(email);

        Assert.Contains("aria-invalid=\"true\"", (await pages.Join(email, name: name)).Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await pages.Join(email)).Status);
    }

    [Fact]
    public async Task The_letter_comes_again_only_for_an_address_that_waits()
    {
        var (waiting, done) = (AccountPages.NewEmail(), AccountPages.NewEmail());
        await pages.Register(waiting);
        await pages.RegisterAndJoin(done);

        var one = await pages.Submit("/account/resend-confirmation", "resend", ("Input.Email", waiting));
        var other = await pages.Submit("/account/resend-confirmation", "resend", ("Input.Email", done));

        Assert.Equal(one.Seen, other.Seen);
        Assert.Equal((2, 1), (pages.LettersTo(waiting).Count, pages.LettersTo(done).Count));
    }

    [Fact]
    public async Task A_post_without_the_forms_token_is_refused()
    {
        var email = AccountPages.NewEmail();

        var answer = await pages.Post("/account/register", ("_handler", "register"), ("Input.Email", email));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Empty(pages.LettersTo(email));
    }

    public void Dispose() => pages.Dispose();

    private static async Task<IdentityResult> RegisterOn(MemberScene scene, string email)
    {
        await using var request = scene.Services.CreateAsyncScope();
        return await request.ServiceProvider.GetRequiredService<Registration>().Register(email, "en", "https://portal.test", TestContext.Current.CancellationToken);
    }
}
