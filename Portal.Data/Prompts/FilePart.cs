namespace Portal.Data.Prompts;

/// <summary>Some bytes of a file, so that no file is ever whole in memory.</summary>
public sealed class FilePart
{
    public Guid FileId { get; set; }

    /// <summary>From 0, without gaps.</summary>
    public int Number { get; set; }

    public required byte[] Data { get; set; }
}
