namespace Portal.Data.Accounts;

/// <summary>
/// What is remembered of a registration so that trial credit is given once: keyed hashes, which tell sameness and nothing else, and what came of it.
/// </summary>
public sealed class TrialClaim
{
    /// <summary>Who registered.</summary>
    public Guid PersonId { get; set; }

    /// <summary>Of the mailbox behind the address, whatever alias was typed.</summary>
    public required string MailboxKey { get; set; }

    /// <summary>Of the browser's long-lived random id; null: it keeps no cookies.</summary>
    public string? DeviceKey { get; set; }

    /// <summary>Of the network's address; null: not known.</summary>
    public string? NetworkKey { get; set; }

    public DateTimeOffset RegisteredAt { get; set; }

    /// <summary>When the address was confirmed and the claim decided; null: not yet.</summary>
    public DateTimeOffset? DecidedAt { get; set; }

    /// <summary>Credit that was granted; 0: none.</summary>
    public long GrantedNanos { get; set; }

    /// <summary>When what was granted expires.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>The account that got it.</summary>
    public Guid? AccountId { get; set; }

    /// <summary>Why there was none: <c>mailbox</c>, <c>device</c>, <c>network</c> or <c>day</c>.</summary>
    public string? Reason { get; set; }
}
