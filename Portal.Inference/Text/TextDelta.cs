namespace Portal.Inference.Text;

/// <param name="Text">The next piece of the answer: whole characters, empty only on the last delta.</param>
/// <param name="Usage">Counted up to and including this piece.</param>
/// <param name="Finish">Set on the last delta, null before.</param>
public sealed record TextDelta(string Text, TextUsage Usage, FinishReason? Finish);
