using Portal.Commands;

namespace Portal.Tests.Commands;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("demo", "demo")]
    [InlineData("--environment Development demo", "demo")]
    [InlineData("demo --environment Development", "demo")]
    [InlineData("--environment=Development admin a@b.example", "admin,a@b.example")]
    [InlineData("Database:Provider=Sqlite verify", "verify")]
    [InlineData("quote a=b.json", "quote,a=b.json")]
    public void The_verb_is_found_among_the_configuration(string line, string words) =>
        Assert.Equal(words.Split(',', StringSplitOptions.RemoveEmptyEntries), CommandLine.Words(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
}
