namespace Portal.Data.Accounts;

/// <summary>Random bytes that this installation made for itself once and needs for good, shared by all nodes on one database.</summary>
public sealed class StoredSecret
{
    public required string Name { get; set; }

    public required byte[] Value { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}
