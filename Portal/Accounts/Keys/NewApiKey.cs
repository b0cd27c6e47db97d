namespace Portal.Accounts.Keys;

/// <param name="Secret">Told once, kept nowhere.</param>
public sealed record NewApiKey(Guid Id, string Secret);
