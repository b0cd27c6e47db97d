using System.Text.Json;
using System.Text.Json.Serialization;

namespace Portal.Payments.Gateway;

/// <param name="About">The object that the event is about, in the gateway's shape.</param>
public sealed record GatewayEventData([property: JsonPropertyName("object")] JsonElement About);
