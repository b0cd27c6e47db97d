namespace Portal.Data.Prompts;

/// <summary>A file that a program or a person gave, or that a batch wrote; its bytes are in <see cref="FilePart"/>s.</summary>
public sealed class StoredFile
{
    public Guid Id { get; set; }

    public Guid AccountId { get; set; }

    /// <summary>Whose it is; nobody else sees it.</summary>
    public Guid MembershipId { get; set; }

    public required string Name { get; set; }

    /// <summary><c>batch</c> or <c>batch_output</c>.</summary>
    public required string Purpose { get; set; }

    public long Bytes { get; set; }

    /// <summary>False while its parts are being written: until then nobody sees it.</summary>
    public bool Complete { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>When it is deleted.</summary>
    public DateTimeOffset ExpiresAt { get; set; }
}
