namespace Portal.Payments.Sandbox;

/// <summary>A page of one type of object, newest first.</summary>
/// <param name="Filters">Fields of the top level and the strings that they must equal, e.g. ("payment_intent", "pi_…").</param>
/// <param name="CreatedFrom">Unix seconds, inclusive, as is <paramref name="CreatedTo"/>.</param>
public sealed record SandboxQuery(
    string Type, IReadOnlyList<(string Field, string Value)> Filters, int Limit,
    string? StartingAfter = null, string? EndingBefore = null, long? CreatedFrom = null, long? CreatedTo = null);
