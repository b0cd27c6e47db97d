namespace Portal.Data;

/// <summary>What a ledger account counts: nanos of the currency, or a quota.</summary>
public enum Unit
{
    Money = 0,
    Tokens = 1,
    Images = 2,

    /// <summary>Collected by customers and given for credit; no prompt is paid with them.</summary>
    Points = 3,
}
