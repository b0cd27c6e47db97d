namespace Portal.Payments.Gateway.Objects;

/// <param name="DueBy">Unix seconds until when the bank takes evidence; null when it takes none.</param>
public sealed record GatewayEvidence(long? DueBy = null);
