namespace Portal.Data.Prompts;

/// <summary>A prompt of a batch and what came of it; deleted once it is in the batch's files.</summary>
public sealed class BatchLine
{
    public Guid BatchId { get; set; }

    /// <summary>Of the input file, from 1.</summary>
    public int Number { get; set; }

    public required string CustomId { get; set; }

    /// <summary>The request's body, UTF-8 JSON.</summary>
    public required byte[] Body { get; set; }

    public BatchLineState State { get; set; }

    /// <summary>The line of the output or error file, UTF-8 JSON; null while it waits.</summary>
    public byte[]? Result { get; set; }
}
