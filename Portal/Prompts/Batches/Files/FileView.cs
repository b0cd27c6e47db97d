namespace Portal.Prompts.Batches.Files;

/// <param name="Purpose"><see cref="FilePurposes.Input"/> or <see cref="FilePurposes.Output"/>.</param>
public sealed record FileView(Guid Id, string Name, string Purpose, long Bytes, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);
