using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Portal.Accounts.Mail;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Accounts.Mail;

public sealed class AccountLettersTests
{
    private static readonly Uri Link = new("https://portal.example.org/account/reset-password?who=1&token=2");

    private readonly FakeTime time = new();
    private readonly Person ada = new() { Email = "ada@example.org", DisplayName = "Ada", Culture = "zh-CN" };

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Whoever_asks_for_a_letter_does_not_wait_for_the_mail_server(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var server = new Hanging();

        await Letters(database, server, MailDelivery.Smtp).ResetPassword(ada, Link);

        Assert.Equal(0, server.Asked);
        await using var db = database.Open();
        var mail = await db.OutboxMails.SingleAsync();
        Assert.Equal(("ada@example.org", "设置新密码", null, time.GetUtcNow()), (mail.To, mail.Subject, mail.SentAt, mail.NextAttemptAt));
        Assert.Contains("Ada，您好！", mail.Html, StringComparison.Ordinal);
        Assert.Contains("?who=1&amp;token=2", mail.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Into_a_pickup_folder_it_goes_at_once()
    {
        await using var database = await TestDatabase.CreateAsync();
        var folder = new Taking();

        await Letters(database, folder, MailDelivery.Pickup).ChoosePassword(ada, Link);

        Assert.Equal("请完成注册", Assert.Single(folder.Taken).Subject);
        await Books.AssertClean(database.Factory, time);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_stranger_cannot_fill_a_mailbox_and_an_hour_later_its_owner_gets_letters_again(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var folder = new Taking();
        var letters = Letters(database, folder, MailDelivery.Pickup);

        for (var i = 0; i < 2 * AccountLetters.PerHourMax; i++) await letters.ResetPassword(ada, Link);
        await letters.ResetPassword(new Person { Email = "grace@example.org" }, Link);
        Assert.Equal((AccountLetters.PerHourMax, 1), (folder.Taken.Count(l => l.To == ada.Email), folder.Taken.Count(l => l.To == "grace@example.org")));

        time.Advance(TimeSpan.FromHours(1));
        await letters.ResetPassword(ada, Link);
        Assert.Equal(AccountLetters.PerHourMax + 1, folder.Taken.Count(l => l.To == ada.Email));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_stranger_who_registers_an_address_again_and_again_keeps_no_new_password_from_its_owner(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var folder = new Taking();
        var letters = Letters(database, folder, MailDelivery.Pickup);

        for (var i = 0; i < 2 * AccountLetters.PerHourMax; i++) await letters.AlreadyRegistered(ada, Link);
        await letters.ResetPassword(ada, Link);

        Assert.Equal(AccountLetters.PerHourMax + 1, folder.Taken.Count);
        Assert.Equal("设置新密码", folder.Taken[^1].Subject);
    }

    [Fact]
    public async Task A_mailbox_is_one_however_its_address_is_written()
    {
        await using var database = await TestDatabase.CreateAsync();
        var folder = new Taking();
        var letters = Letters(database, folder, MailDelivery.Pickup);

        foreach (var address in new[] { "new@example.org", "New@example.org", "nEw@example.org", "neW@example.org", "NEW@example.org", "NEw@example.org", "new@Example.org" })
            await letters.ConfirmAddress(ada, address, Link);

        Assert.Equal(AccountLetters.PerHourMax, folder.Taken.Count);
    }

    private AccountLetters Letters(TestDatabase database, IMailTransport transport, MailDelivery delivery)
    {
        var words = new ServiceCollection().AddLogging().AddLocalization().BuildServiceProvider();
        return new AccountLetters(
            database.Factory, new Letters(words.GetRequiredService<IStringLocalizer<LetterText>>()),
            new OutboxSender(database.Factory, transport, time, NullLogger<OutboxSender>.Instance), Options.Create(new MailOptions { Delivery = delivery }), time,
            words.GetRequiredService<IStringLocalizer<AccountLetterText>>(), NullLogger<AccountLetters>.Instance);
    }

    /// <summary>A server that never answers.</summary>
    private sealed class Hanging : IMailTransport
    {
        public int Asked { get; private set; }

        public Task Send(Letter letter, CancellationToken cancel = default)
        {
            Asked++;
            return new TaskCompletionSource().Task;
        }
    }

    private sealed class Taking : IMailTransport
    {
        public List<Letter> Taken { get; } = [];

        public Task Send(Letter letter, CancellationToken cancel = default)
        {
            Taken.Add(letter);
            return Task.CompletedTask;
        }
    }
}
