namespace Portal.Accounts.SignIn;

/// <summary>What a person can change about themselves.</summary>
/// <param name="TimeZone">Of the personal account; null for who has none.</param>
public sealed record Profile(string Email, string DisplayName, string Culture, string? TimeZone);
