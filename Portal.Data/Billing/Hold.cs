namespace Portal.Data.Billing;

public enum HoldState
{
    Open = 0,
    Posted = 1,
    Voided = 2,
    Expired = 3,
}

/// <summary>
/// The head of a hold: one or more pending transfers that are resolved together, once. Of a prompt it is these transfers too, because a row each
/// would say again what <see cref="Sources"/> says; what resolves them are rows of <see cref="Transfer"/> in either case.
/// </summary>
public sealed class Hold
{
    public Guid Id { get; set; }

    public Guid WalletId { get; set; }

    public HoldState State { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Null: stays until it is resolved (a refund waits for the gateway).</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    public DateTimeOffset? ResolvedAt { get; set; }

    /// <summary>What the settle needs of the quote, as JSON; null for holds that are no charges.</summary>
    public string? Quote { get; set; }

    /// <summary>
    /// Of a prompt: its pending transfers in the order of their parts, each <c>debit&gt;credit:amount</c> by the ids of the accounts, e.g. <c>12&gt;14:5000;13&gt;14:20</c>.
    /// Null for holds that are no charges: theirs are rows.
    /// </summary>
    public string? Sources { get; set; }
}
