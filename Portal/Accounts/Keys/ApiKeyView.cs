using Portal.Data.Accounts;

namespace Portal.Accounts.Keys;

/// <summary>A key in use, as its owner and those who manage the account see it.</summary>
/// <param name="Prefix">The secret's first characters, to recognise it by.</param>
/// <param name="Models">Ids; empty: all.</param>
/// <param name="ExpiresAt">May have passed; null: it does not expire.</param>
/// <param name="LastUsedAt">To the minute; null: never.</param>
/// <param name="RotatesUntil">Until when the secret before this one is good too; null: there is none.</param>
public sealed record ApiKeyView(
    Guid Id, string Name, string Prefix, string OwnerName, string OwnerEmail, bool Mine, string Project, KeyEndpoints Endpoints, IReadOnlyList<string> Models,
    DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, bool Expired, DateTimeOffset? LastUsedAt, DateTimeOffset? RotatesUntil);
