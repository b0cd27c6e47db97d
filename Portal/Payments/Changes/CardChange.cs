using Portal.Payments.Gateway;
using Portal.Payments.Gateway.Objects;

namespace Portal.Payments.Changes;

/// <summary>What the gateway says about a saved card, whether by webhook or when asked. Closed.</summary>
public abstract record CardChange
{
    private CardChange()
    {
    }

    /// <summary>The gateway keeps it for a customer, with these details.</summary>
    public sealed record Kept(GatewayMethod Method) : CardChange;

    /// <summary>The gateway keeps it no more.</summary>
    public sealed record Gone(string MethodId) : CardChange;

    /// <summary>What an event says of a card; null when it is about something else.</summary>
    public static CardChange? Read(GatewayEvent told) => told.Type switch
    {
        "payment_method.attached" or "payment_method.updated" or "payment_method.automatically_updated" => new Kept(told.Read<GatewayMethod>()),
        "payment_method.detached" => new Gone(told.Read<GatewayMethod>().Id),
        _ => null,
    };
}
