namespace Portal.Data.Billing;

/// <summary>A count over a window: tier progress of a calendar month, and caps.</summary>
public sealed class Counter
{
    public Guid WalletId { get; set; }

    /// <summary>Scope, unit and window, e.g. <c>tier:tokens:2026-11</c>.</summary>
    public required string Key { get; set; }

    public long Used { get; set; }

    public long Held { get; set; }

    /// <summary>Of a cap: the most that <see cref="Used"/> and <see cref="Held"/> may be together, by the last hold that raised them.</summary>
    public long? Limit { get; set; }
}
