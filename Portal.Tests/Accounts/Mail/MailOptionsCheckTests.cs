using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Portal.Accounts.Mail;

namespace Portal.Tests.Accounts.Mail;

public sealed class MailOptionsCheckTests
{
    [Fact]
    public void Development_needs_no_settings() => Assert.Empty(Wrong(new MailOptions(), Environments.Development));

    [Fact]
    public void Production_needs_the_portals_address() =>
        Assert.Equal(["Mail:PublicUrl"], Wrong(new MailOptions(), Environments.Production).Select(Key));

    [Fact]
    public void Everything_wrong_is_said_at_once_by_its_key() => Assert.Equal(
        ["Mail:From", "Mail:Host", "Mail:Port", "Mail:UserName", "Mail:PublicUrl"],
        Wrong(new MailOptions { Delivery = MailDelivery.Smtp, From = "nobody", Port = 0, UserName = "me", PublicUrl = "ftp://x" }, Environments.Production).Select(Key));

    private static IEnumerable<string> Wrong(MailOptions options, string environment) =>
        new MailOptionsCheck(new HostingEnvironment { EnvironmentName = environment }).Validate(null, options).Failures ?? [];

    private static string Key(string sentence) => sentence.Split(' ', 2)[0];
}
