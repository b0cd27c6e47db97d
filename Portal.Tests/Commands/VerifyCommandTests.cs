using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Billing.Verification;
using Portal.Commands;
using Portal.Data;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Commands;

public sealed class VerifyCommandTests
{
    [Fact]
    public async Task Clean_books_end_with_code_0_and_one_line()
    {
        await using var database = await TestDatabase.CreateAsync();

        var (code, lines) = await Verify(database.Factory);

        Assert.Equal(0, code);
        Assert.Equal(["0 accounts, 0 transfers, 0 holds, 0 usage records, 0 payments, 0 invoices: clean"], lines);
    }

    [Fact]
    public async Task A_wrong_row_ends_with_code_1_and_is_named_on_a_line_of_its_own()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using (var db = database.Open())
        {
            db.WebhookEvents.Add(new() { Id = "evt_9", Type = "charge.refunded", Body = "{}", ReceivedAt = DateTimeOffset.UnixEpoch });
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        var (code, lines) = await Verify(database.Factory);

        Assert.Equal(1, code);
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("webhook.unprocessed: WebhookEvents evt_9: ", lines[0], StringComparison.Ordinal);
        Assert.EndsWith(": 1 findings", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_without_the_portals_tables_is_not_called_clean()
    {
        var file = Path.Combine(Path.GetTempPath(), $"empty-{Guid.NewGuid():N}.db");
        try
        {
            var (code, lines) = await Verify(new PortalDbFactory(DatabaseProvider.Sqlite, $"Data Source={file};Pooling=false"));

            Assert.Equal(1, code);
            Assert.Contains("'migrate'", Assert.Single(lines), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("2026-11-21")]
    [InlineData("2026-11-21T08:30:00+08:00")]
    public async Task Since_an_instant_it_proves_what_is_new_and_says_so(string since)
    {
        await using var database = await TestDatabase.CreateAsync();

        var (code, lines) = await Verify(database.Factory, since);

        Assert.Equal(0, code);
        Assert.Contains("0 invoices since 2026-11-21 00:00:00Z (not proved: ", Assert.Single(lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_word_that_is_no_instant_ends_with_code_2()
    {
        await using var database = await TestDatabase.CreateAsync();

        var (code, lines) = await Verify(database.Factory, "yesterday");

        Assert.Equal(2, code);
        Assert.Empty(lines);
    }

    [Fact]
    public void Progress_is_one_line_that_is_written_over_and_wiped()
    {
        using var terminal = new StringWriter();
        using (var line = new ProgressLine(terminal, watched: true))
        {
            line.Show(0.5m);
            line.Show(0.501m);
            line.Show(1m);
        }

        var shown = terminal.ToString().Split('\r', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal([$"[{new string('#', 20)}{new string('.', 20)}]  50 %", $"[{new string('#', 40)}] 100 %", new string(' ', 48)], shown);
        Assert.DoesNotContain("\n", terminal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void In_a_pipe_there_is_no_progress()
    {
        using var pipe = new StringWriter();
        using (var line = new ProgressLine(pipe, watched: false))
        {
            line.Show(0.5m);
        }

        Assert.Empty(pipe.ToString());
    }

    private static async Task<(int Code, string[] Lines)> Verify(PortalDbFactory databases, string? since = null)
    {
        await using var services = new ServiceCollection()
            .AddSingleton<IDbContextFactory<PortalDb>>(databases).AddSingleton(TimeProvider.System).AddSingleton<BookVerifier>().BuildServiceProvider();
        using var output = new StringWriter();
        var code = await VerifyCommand.Run(services, since, output, TextWriter.Null, cancel: TestContext.Current.CancellationToken);
        return (code, output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }
}
