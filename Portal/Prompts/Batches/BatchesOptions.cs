namespace Portal.Prompts.Batches;

/// <summary>The configuration section <c>Batches</c>.</summary>
public sealed class BatchesOptions
{
    public const string Section = "Batches";

    /// <summary>Of one file, from 1 to 1,000.</summary>
    public int FileMegabytesMax { get; set; } = 100;

    /// <summary>Of all files of an account, from 1.</summary>
    public int AccountMegabytesMax { get; set; } = 1_000;

    /// <summary>Prompts of one batch, from 1 to 1,000,000.</summary>
    public int LinesMax { get; set; } = 50_000;

    /// <summary>Prompts of batches that a node runs at the same time, from 1 to 256.</summary>
    public int Parallel { get; set; } = 4;

    /// <summary>Days until a file is deleted, what batches wrote included; from 1.</summary>
    public int KeptDays { get; set; } = 30;
}
