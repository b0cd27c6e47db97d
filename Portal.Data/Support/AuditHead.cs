namespace Portal.Data.Support;

/// <summary>The end of the audit's chain, in one row: what the next seal goes on from, and what tells that the newest entries were cut off.</summary>
public sealed class AuditHead
{
    /// <summary>The one row's key.</summary>
    public const int Key = 1;

    public int Id { get; set; }

    /// <summary>Of the entry that was sealed last; 0: none was.</summary>
    public long Sequence { get; set; }

    /// <summary>Of that entry; <see cref="AuditChain.Start"/> when there is none.</summary>
    public required string Hash { get; set; }
}
