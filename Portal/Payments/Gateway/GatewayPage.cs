namespace Portal.Payments.Gateway;

/// <summary>A part of a list, newest first.</summary>
public sealed record GatewayPage<T>(IReadOnlyList<T> Data, bool HasMore);
