namespace Portal.Billing.Verification;

/// <summary>What the verifier read and what it found wrong in it.</summary>
public sealed record VerifiedBooks(
    IReadOnlyList<Finding> Findings, long Accounts, long Transfers, long Holds, long UsageRecords, long Payments, long Invoices)
{
    public bool Clean => Findings.Count == 0;

    /// <summary>One line: how much was read, and that it is clean or not.</summary>
    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{Accounts} accounts, {Transfers} transfers, {Holds} holds, {UsageRecords} usage records, {Payments} payments, {Invoices} invoices: {(Clean ? "clean" : $"{Findings.Count} findings")}");
}
