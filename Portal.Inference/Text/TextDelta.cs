namespace Portal.Inference.Text;

/// <param name="Text">The next piece of the answer: whole characters, empty only on the last delta.</param>
/// <param name="Usage">Counted up to and including this piece.</param>
/// <param name="Finish">Set on the last delta, null before.</param>
/// <param name="Tokens">What the piece was made of, where the request asks for <see cref="TextRequest.Likelihoods"/>; else none.</param>
public sealed record TextDelta(string Text, TextUsage Usage, FinishReason? Finish, IReadOnlyList<TokenChoice> Tokens);
