namespace Portal.Payments.Declines;

/// <summary>Names the sentences of declines.</summary>
public sealed class DeclineText;
