namespace Portal.Billing.Verification;

/// <summary>What the verifier read and what it found wrong in it.</summary>
/// <param name="Transfers">Read; likewise holds and usage records.</param>
/// <param name="Since">From when on these were proved; null: all were.</param>
public sealed record VerifiedBooks(
    IReadOnlyList<Finding> Findings, long Accounts, long Transfers, long Holds, long UsageRecords, long Payments, long Invoices, DateTimeOffset? Since = null)
{
    /// <summary>Of the rollup, that were read.</summary>
    public long Hours { get; init; }

    public bool Clean => Findings.Count == 0;

    /// <summary>One line: how much was read, and that it is clean or not.</summary>
    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{Accounts} accounts, {Transfers} transfers, {Holds} holds, {UsageRecords} usage records, {Payments} payments, {Invoices} invoices{Part}: {(Clean ? "clean" : $"{Findings.Count} findings")}");

    private string Part => Since is { } since
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $" since {since:u} (not proved: transfers, usage and documents of before, and that balances, caps and tier counters are the sums of all of theirs)")
        : "";
}
