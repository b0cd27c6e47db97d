namespace Portal.Inference.Text;

/// <param name="Text">The token's own bytes, UTF-8; one token can be a part of a character. Of the end of a turn: none.</param>
/// <param name="LogProbability">Natural logarithm, by the model itself: before penalties and temperature.</param>
public sealed record LikelyToken(byte[] Text, float LogProbability);
