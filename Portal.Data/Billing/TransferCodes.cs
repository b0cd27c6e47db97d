namespace Portal.Data.Billing;

/// <summary>Codes of transfers that more than their writer asks for.</summary>
public static class TransferCodes
{
    /// <summary>Everything that a prompt holds, charges and releases.</summary>
    public const string Prompt = "prompt";
}
