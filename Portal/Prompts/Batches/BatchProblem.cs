namespace Portal.Prompts.Batches;

/// <summary>What is wrong with an input file, in OpenAI's shape.</summary>
/// <param name="Line">From 1; null: the file as a whole.</param>
public sealed record BatchProblem(string Code, string Message, string? Param, int? Line);
