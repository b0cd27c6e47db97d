namespace Portal.Commands.Bench;

/// <param name="Rows">Transfers, holds, usage records and the hours of their rollup.</param>
/// <param name="Seconds">From the first read to the last finding.</param>
/// <param name="Verify"><c>clean</c>, or what the verifier found first.</param>
public sealed record VerifyFigures(long Rows, decimal Seconds, decimal RowsPerSecond, string Verify);
