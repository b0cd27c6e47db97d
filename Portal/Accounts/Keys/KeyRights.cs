using Portal.Data.Accounts;

namespace Portal.Accounts.Keys;

/// <summary>What a call with an API key may do beyond its member's role, and until when.</summary>
/// <param name="Models">Ids; empty: all.</param>
/// <param name="SecretHash">Of the secret that it called with: a rotated-out one ends before its key does. Null: it goes on without a secret.</param>
public sealed record KeyRights(KeyEndpoints Endpoints, IReadOnlyList<string> Models, string? SecretHash)
{
    public bool Allows(KeyEndpoints endpoint) => (Endpoints & endpoint) == endpoint;

    public bool AllowsModel(string id) => Models.Count == 0 || Models.Contains(id, StringComparer.Ordinal);
}
