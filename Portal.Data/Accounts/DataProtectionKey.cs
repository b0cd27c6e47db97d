namespace Portal.Data.Accounts;

/// <summary>A key of the cookie and token encryption, shared by all nodes on one database.</summary>
public sealed class DataProtectionKey
{
    public int Id { get; set; }

    public string? FriendlyName { get; set; }

    public required string Xml { get; set; }
}
