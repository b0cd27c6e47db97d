using System.Text.Json.Nodes;

namespace Portal.Payments.Sandbox.Wire;

/// <summary>What an API call answers: a status and a JSON body.</summary>
/// <param name="Keep">Whether the changes made on the way are committed; a decline (402) keeps its failed charge, an invalid request keeps nothing.</param>
public sealed record SandboxAnswer(int Status, JsonObject Body, bool Keep)
{
    public static implicit operator SandboxAnswer(JsonObject body) => new(200, body, true);

    public static implicit operator SandboxAnswer(StripeError error) => new(error.Status, error.ToJson(), error.Status == 402);
}
