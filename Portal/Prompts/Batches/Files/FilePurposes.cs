namespace Portal.Prompts.Batches.Files;

/// <summary>What a file is for, in OpenAI's words.</summary>
public static class FilePurposes
{
    public const string Input = "batch";
    public const string Output = "batch_output";
}
