namespace Portal.Data.Accounts;

public enum MemberRole
{
    /// <summary>Draws on its seat allocation only (a student).</summary>
    Member = 0,
    BillingAdmin = 1,
    Owner = 2,
}

/// <summary>A person's seat in an account. Its id is the subject of the seat's ledger accounts.</summary>
public sealed class Membership
{
    public Guid Id { get; set; }

    public Guid AccountId { get; set; }

    public Guid PersonId { get; set; }

    public MemberRole Role { get; set; }

    /// <summary>When it was given, the last time when it was given again.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>When the person first acted in it since then: nobody consents by being invited. Null: never yet; before <see cref="CreatedAt"/>: not since it was given again.</summary>
    public DateTimeOffset? AcceptedAt { get; set; }

    /// <summary>Set when the seat was taken away; the row stays because usage names it.</summary>
    public DateTimeOffset? RemovedAt { get; set; }

    public Account Account { get; set; } = null!;

    public Person Person { get; set; } = null!;
}
