namespace Portal.Data.Accounts;

public enum AccountKind
{
    Personal = 0,
    Organisation = 1,
}

/// <summary>Who is billed: one person, or an organisation with members. Its ledger accounts together are its wallet.</summary>
public sealed class Account
{
    public Guid Id { get; set; }

    public AccountKind Kind { get; set; }

    public required string Name { get; set; }

    /// <summary>IANA id; daily windows and charts follow it.</summary>
    public string TimeZone { get; set; } = "Asia/Shanghai";

    /// <summary>Verified by the operator: the education factor applies, with or without an education plan.</summary>
    public bool Education { get; set; }

    /// <summary>Months of a running contract; 12 or more earn the contract factor.</summary>
    public int ContractMonths { get; set; }

    /// <summary>The company title that documents are issued to; null: <see cref="Name"/>.</summary>
    public string? BuyerTitle { get; set; }

    public string? BuyerTaxId { get; set; }

    public string? BuyerAddress { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public List<Membership> Members { get; } = [];
}
