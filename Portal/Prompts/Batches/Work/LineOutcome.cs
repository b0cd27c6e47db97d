using Portal.Data.Prompts;

namespace Portal.Prompts.Batches.Work;

/// <summary>What came of a line.</summary>
/// <param name="Result">The line of the output or error file.</param>
internal sealed record LineOutcome(BatchLineState State, byte[] Result, long ChargedNanos);
