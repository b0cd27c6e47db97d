using System.Text.Json;

namespace Portal.Payments.Gateway;

/// <summary>Something that happened at the gateway, with the object as it was then.</summary>
/// <param name="Type">Such as <c>payment_intent.succeeded</c>.</param>
/// <param name="Created">Unix seconds.</param>
public sealed record GatewayEvent(string Id, string Type, long Created, GatewayEventData Data)
{
    /// <summary>The event in a webhook's body, or null when the body is none.</summary>
    public static GatewayEvent? Read(string body)
    {
        try
        {
            var read = JsonSerializer.Deserialize<GatewayEvent>(body, StripeApi.Json);
            return read is { Id.Length: > 0, Type.Length: > 0, Data.About.ValueKind: JsonValueKind.Object } ? read : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The object as the record that the portal reads it with.</summary>
    public T Read<T>() => Data.About.Deserialize<T>(StripeApi.Json)!;
}
