namespace Portal.Payments.AutoTopUps;

/// <summary>What the form sends. Amounts are as typed; switched off they are not read.</summary>
public sealed record AutoTopUpRequest(bool Enabled, string Threshold, string Amount);
