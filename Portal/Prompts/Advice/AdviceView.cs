using Portal.Data;

namespace Portal.Prompts.Advice;

/// <summary>What a shorter prompt would have cost less, for the same answer.</summary>
/// <param name="Tokens">Input tokens fewer, by the model's own tokenizer; above 0.</param>
/// <param name="Money">By the terms and in the month's tier of now; 0 when a quota pays.</param>
public sealed record AdviceView(AdviceKind Kind, int Tokens, Money Money);
