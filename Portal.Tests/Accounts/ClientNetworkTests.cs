using System.Net;
using Portal.Accounts;

namespace Portal.Tests.Accounts;

public sealed class ClientNetworkTests
{
    [Theory]
    [InlineData("203.0.113.9", "203.0.113.9")]
    [InlineData("::ffff:203.0.113.9", "203.0.113.9")]
    [InlineData("2001:db8::1", "2001:db8::/64")]
    [InlineData("2001:db8::ffff:2:1", "2001:db8::/64")]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:1::/64")]
    [InlineData("172.32.0.1", "172.32.0.1")]
    [InlineData("127.0.0.1", null)]
    [InlineData("::1", null)]
    [InlineData("10.1.2.3", null)]
    [InlineData("172.16.0.1", null)]
    [InlineData("172.31.255.255", null)]
    [InlineData("192.168.1.1", null)]
    [InlineData("::ffff:192.168.1.1", null)]
    [InlineData("169.254.1.1", null)]
    [InlineData("fd00::1", null)]
    [InlineData("fe80::1", null)]
    public void What_comes_through_a_proxy_says_nothing_of_who_calls(string remote, string? client) => Assert.Equal(client, ClientNetwork.Of(IPAddress.Parse(remote)));

    [Fact]
    public void Without_a_connection_there_is_no_address() => Assert.Null(ClientNetwork.Of(null));
}
