using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Accounts.Mail;
using Portal.Data;
using Portal.Data.Jobs;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Jobs;

public sealed class OutboxSenderTests
{
    private readonly FakeTime time = new();

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_mail_that_is_not_accepted_is_tried_again_later_and_no_mail_is_sent_twice(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await Queue(database, "first");
        await Queue(database, "second");
        var transport = new Transport { Refused = "first" };
        var sender = new OutboxSender(database.Factory, transport, time, NullLogger<OutboxSender>.Instance);

        Assert.Equal(1, await sender.Send());
        Assert.Equal(0, await sender.Send());
        transport.Refused = null;
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, await sender.Send());
        Assert.Equal(0, await sender.Send());

        Assert.Equal(["second", "first"], transport.Sent);
        await using var db = database.Open();
        Assert.All(await db.OutboxMails.ToListAsync(), mail => Assert.NotNull(mail.SentAt));
    }

    [Fact]
    public async Task A_mail_that_is_never_accepted_is_given_up_and_is_no_fault_of_the_books()
    {
        await using var database = await TestDatabase.CreateAsync();
        await Queue(database, "first");
        var transport = new Transport { Refused = "first" };
        var sender = new OutboxSender(database.Factory, transport, time, NullLogger<OutboxSender>.Instance);
        for (var hour = 0; hour < OutboxMail.AttemptsMax; hour++)
        {
            await sender.Send();
            time.Advance(TimeSpan.FromHours(1));
        }

        transport.Refused = null;

        Assert.Equal(0, await sender.Send());
        await using var db = database.Open();
        Assert.Equal(OutboxMail.AttemptsMax, (await db.OutboxMails.SingleAsync()).Attempts);
        await Books.AssertClean(database.Factory, time);
    }

    private async Task Queue(TestDatabase database, string subject)
    {
        await using var db = database.Open();
        var now = time.GetUtcNow();
        db.OutboxMails.Add(new OutboxMail
        {
            Id = Guid.NewGuid(), DedupKey = subject, To = "someone@example.com", Subject = subject, Html = "<p></p>", CreatedAt = now, NextAttemptAt = now,
        });
        await db.SaveChangesAsync();
    }

    private sealed class Transport : IMailTransport
    {
        public string? Refused { get; set; }

        public List<string> Sent { get; } = [];

        public Task Send(Letter letter, CancellationToken cancel = default)
        {
            if (letter.Subject == Refused) throw new MailNotSentException("mailbox full", new IOException("refused"));
            Sent.Add(letter.Subject);
            return Task.CompletedTask;
        }
    }
}
