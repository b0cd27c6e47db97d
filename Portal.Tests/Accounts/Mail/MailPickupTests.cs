using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Portal.Accounts.Mail;
using Portal.Database;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Accounts.Mail;

public sealed class MailPickupTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("mail-pickup").FullName;
    private readonly FakeTime time = new();

    [Fact]
    public async Task Letters_are_listed_newest_first()
    {
        var pickup = Pickup();
        Assert.Empty(pickup.List());

        await pickup.Send(new Letter("a@example.org", "First", "<p>1</p>"), TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromSeconds(1));
        await pickup.Send(new Letter("b@example.org", "第二封", "<p>2</p>"), TestContext.Current.CancellationToken);

        Assert.Equal(["第二封", "First"], pickup.List().Select(letter => letter.Letter.Subject));
        Assert.Empty(Directory.GetFiles(Path.Combine(folder, "mail"), "*.part"));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_a_letter_not_sent()
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "mail"), "", TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<MailNotSentException>(() => Pickup().Send(new Letter("a@example.org", "x", "y"), TestContext.Current.CancellationToken));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private MailPickup Pickup() =>
        new(Options.Create(new MailOptions()), new DataDirectory(new ConfigurationBuilder().AddInMemoryCollection([new("DataDirectory", folder)]).Build()), time);
}
