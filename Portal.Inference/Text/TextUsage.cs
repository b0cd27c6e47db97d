namespace Portal.Inference.Text;

/// <summary>What the engine counted: the figures that are charged.</summary>
/// <param name="InputTokens">Tokens of the filled chat template.</param>
/// <param name="OutputTokens">Tokens generated so far, the end-of-turn token included.</param>
public sealed record TextUsage(int InputTokens, int OutputTokens);
