namespace Portal.Inference.Text;

/// <summary>A token of the answer and how likely the model found it.</summary>
/// <param name="Top">The likeliest tokens at this place, likeliest first; as many as the request asks for.</param>
public sealed record TokenChoice(LikelyToken Chosen, IReadOnlyList<LikelyToken> Top);
