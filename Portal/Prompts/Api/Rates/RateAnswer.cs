namespace Portal.Prompts.Api.Rates;

/// <param name="Remaining">How many more may be taken now.</param>
/// <param name="Reset">When allowed: until the bucket is full. When refused: until as many may be taken.</param>
public readonly record struct RateAnswer(bool Allowed, int Remaining, TimeSpan Reset);
