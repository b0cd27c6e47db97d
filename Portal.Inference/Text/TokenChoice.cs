namespace Portal.Inference.Text;

/// <summary>A token of the answer and how likely the model found it.</summary>
/// <param name="Id">In the model's vocabulary.</param>
/// <param name="Chosen">The token.</param>
/// <param name="Top">The likeliest tokens at this place, likeliest first; as many as the request asks for.</param>
public sealed record TokenChoice(int Id, LikelyToken Chosen, IReadOnlyList<LikelyToken> Top);
