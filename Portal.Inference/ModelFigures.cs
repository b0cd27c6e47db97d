namespace Portal.Inference;

/// <summary>What a model has done since it was loaded.</summary>
/// <param name="Requests">That it began, failed and cancelled ones included.</param>
/// <param name="FailuresInARow">Since the last request that it finished.</param>
/// <param name="LastFailure">What the engine said, for the operator, in English; null: nothing failed yet.</param>
/// <param name="Pictures">Finished ones.</param>
/// <param name="FirstPiece">Median time to the first token, or picture step, of the latest requests, queueing included; null: none yet.</param>
/// <param name="FirstPieceP95">As above, the 95th percentile.</param>
/// <param name="PieceTime">Mean time per output token after the first, or per picture step, of the latest requests; null: none yet.</param>
public sealed record ModelFigures(
    long Requests, long Failures, int FailuresInARow, string? LastFailure, DateTimeOffset? LastFailureAt, long InputTokens, long OutputTokens, long Pictures,
    TimeSpan? FirstPiece, TimeSpan? FirstPieceP95, TimeSpan? PieceTime)
{
    /// <summary>So many failures, one after the other, are no accident.</summary>
    public const int UnhealthyAfter = 3;

    public static ModelFigures None { get; } = new(0, 0, 0, null, null, 0, 0, 0, null, null, null);

    public bool Unhealthy => FailuresInARow >= UnhealthyAfter;
}
