namespace Portal.Data.Billing;

/// <summary>Written by every commit of the ledger: tells whether one took place whose answer was lost.</summary>
public sealed class LedgerCommit
{
    public Guid Id { get; set; }

    public DateTimeOffset At { get; set; }
}
