using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Components.Circuits;

namespace Portal.Tests.Components.Circuits;

public sealed class CircuitGateTests
{
    private readonly OpenCircuits circuits = new();

    [Fact]
    public async Task F24_One_person_has_so_many_circuits_and_a_new_one_when_one_ends_while_others_are_let_in()
    {
        var open = new List<CircuitGate>();
        for (var i = 0; i < OpenCircuits.OfPersonMax; i++) open.Add(await Opened("ada"));

        var refused = Gate("ada");
        await Assert.ThrowsAsync<InvalidOperationException>(() => refused.OnCircuitOpenedAsync(null!, CancellationToken.None));
        refused.Dispose();
        await Assert.ThrowsAsync<InvalidOperationException>(() => Opened("ada"));
        await Opened("ben");

        open[0].Dispose();
        open[0].Dispose();
        await Opened("ada");
        await Assert.ThrowsAsync<InvalidOperationException>(() => Opened("ada"));
    }

    [Fact]
    public async Task F24_Strangers_of_one_network_share_a_number_and_those_of_a_private_one_are_nobody_that_can_be_told()
    {
        for (var i = 0; i < OpenCircuits.OfNetworkMax; i++) await Opened(null, "203.0.113.7");

        await Assert.ThrowsAsync<InvalidOperationException>(() => Opened(null, "203.0.113.7"));
        await Opened(null, "203.0.113.8");
        await Opened("ada", "203.0.113.7");
        for (var i = 0; i <= OpenCircuits.OfNetworkMax; i++) await Opened(null, "10.0.0.1");
    }

    private async Task<CircuitGate> Opened(string? person, string address = "127.0.0.1")
    {
        var gate = Gate(person, address);
        await gate.OnCircuitOpenedAsync(null!, CancellationToken.None);
        return gate;
    }

    private CircuitGate Gate(string? person, string address = "127.0.0.1") => new(
        circuits, new Visitor(person), new HttpContextAccessor { HttpContext = new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse(address) } } },
        NullLogger<CircuitGate>.Instance);

    private sealed class Visitor(string? person) : AuthenticationStateProvider
    {
        public override Task<AuthenticationState> GetAuthenticationStateAsync() =>
            Task.FromResult(new AuthenticationState(new ClaimsPrincipal(new ClaimsIdentity(person is null ? [] : [new Claim(ClaimTypes.NameIdentifier, person)]))));
    }
}
