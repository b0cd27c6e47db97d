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

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Senders_at_once_send_each_mail_once_and_one_that_died_is_replaced(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        for (var i = 0; i < 20; i++) await Queue(database, $"{i:00}");
        var transport = new Transport();
        await using (var db = database.Open())
        {
            // Somebody took this one and was never heard of again.
            await db.OutboxMails.Where(m => m.Subject == "07").ExecuteUpdateAsync(
                set => set.SetProperty(m => m.Attempts, 1).SetProperty(m => m.NextAttemptAt, time.GetUtcNow().AddMinutes(10)));
        }

        var sent = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Sender().Send())));
        Assert.Equal((19, 19), (sent.Sum(), transport.Sent.Count));
        time.Advance(TimeSpan.FromMinutes(10));
        await Sender().Send();

        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"{i:00}"), transport.Sent.Order());

        OutboxSender Sender() => new(database.Factory, transport, time, NullLogger<OutboxSender>.Instance);
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
            lock (Sent) Sent.Add(letter.Subject);
            return Task.CompletedTask;
        }
    }
}
