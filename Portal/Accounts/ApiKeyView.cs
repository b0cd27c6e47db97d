namespace Portal.Accounts;

/// <summary>A key in use, as its owner and those who manage the account see it.</summary>
/// <param name="Prefix">The secret's first characters, to recognise it by.</param>
/// <param name="LastUsedAt">To the minute; null: never.</param>
public sealed record ApiKeyView(
    Guid Id, string Name, string Prefix, string OwnerName, string OwnerEmail, bool Mine, string Project, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt);
