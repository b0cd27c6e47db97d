using Portal.Accounts.Mail;

namespace Portal.Tests.Accounts.Mail;

public sealed class LetterFileTests
{
    [Theory]
    [InlineData("Confirm your e-mail address", "<p>Hello</p>")]
    [InlineData("请确认您的电子邮箱", "<p>Ada，您好！</p>\r\n\r\n<p>第二段</p>")]
    [InlineData("", "")]
    public void A_letter_reads_back_as_it_was_written(string subject, string html)
    {
        var letter = new Letter("ada@example.org", subject, html);
        var at = new DateTimeOffset(2026, 11, 21, 8, 30, 15, TimeSpan.Zero);

        var read = LetterFile.Read("name", LetterFile.Write(letter, "Portal <portal@example.org>", at));

        Assert.Equal(new PickedLetter("name", at, letter), read);
    }

    [Fact]
    public void No_line_is_too_long_for_mail_servers()
    {
        var text = LetterFile.Write(new Letter("ada@example.org", "Long", new string('字', 5000)), "portal@example.org", DateTimeOffset.UnixEpoch);

        Assert.All(text.Split("\r\n"), line => Assert.True(line.Length <= 998, line));
        Assert.True(text.All(char.IsAscii));
    }
}
