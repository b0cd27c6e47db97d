using Microsoft.Extensions.Options;
using Portal.Accounts.Mail;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Accounts.Mail;

public sealed class SmtpTransportTests
{
    private static readonly Letter Letter = new("ada@example.org", "Confirm", "<p>Hello Ada</p>");

    [Fact]
    public async Task A_letter_reaches_the_server()
    {
        await using var server = new MailServer();

        await Transport(server.Port).Send(Letter, TestContext.Current.CancellationToken);

        var sent = Assert.Single(server.Letters);
        Assert.Contains("To: ada@example.org", sent, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("<p>Hello Ada</p>", sent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_letter_is_told_apart_from_a_bug()
    {
        await using var server = new MailServer(refuses: true);

        await Assert.ThrowsAsync<MailNotSentException>(() => Transport(server.Port).Send(Letter, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_a_letter_not_sent() =>
        await Assert.ThrowsAsync<MailNotSentException>(() => Transport(PostgresCluster.SparePort()).Send(Letter, TestContext.Current.CancellationToken));

    [Fact]
    public async Task A_server_that_says_nothing_keeps_the_other_letters_waiting_no_longer_than_a_minute()
    {
        await using var server = new MailServer(silent: true);
        var time = new FakeTime();

        var sending = Transport(server.Port, time).Send(Letter, TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromMinutes(1));

        await Assert.ThrowsAsync<MailNotSentException>(() => sending);
    }

    private static SmtpTransport Transport(int port, TimeProvider? clock = null) =>
        new(Options.Create(new MailOptions { Delivery = MailDelivery.Smtp, Host = "127.0.0.1", Port = port, UseTls = false, From = "portal@example.org" }), clock ?? TimeProvider.System);
}
