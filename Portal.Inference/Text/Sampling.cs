namespace Portal.Inference.Text;

/// <summary>How the next token is chosen. The order: penalties, temperature, top-k, min-p, top-p, the draw.</summary>
public sealed record Sampling
{
    /// <summary>0 takes the likeliest token each time (the default); higher values vary more. From 0 to 2.</summary>
    public float Temperature { get; init; }

    /// <summary>Draws from the likeliest tokens that together reach this probability, from 0 (the likeliest alone) to 1 (all).</summary>
    public float TopP { get; init; } = 1;

    /// <summary>Draws from this many of the likeliest tokens. 0 draws from all.</summary>
    public int TopK { get; init; }

    /// <summary>Leaves out tokens that are less likely than this share of the likeliest one's probability, from 0 (none) to 1.</summary>
    public float MinP { get; init; }

    /// <summary>Makes tokens of the prompt and the answer less likely (above 1) or likelier (below), from 0.1 to 10: positive logits are divided by it, negative ones multiplied.</summary>
    public float RepetitionPenalty { get; init; } = 1;

    /// <summary>Taken from a token's logit for each time that the answer has it, from −2 to 2.</summary>
    public float FrequencyPenalty { get; init; }

    /// <summary>Taken from a token's logit when the answer has it, from −2 to 2.</summary>
    public float PresencePenalty { get; init; }

    /// <summary>The same seed and request give the same answer, whatever else is answered beside it; null takes a fresh one.</summary>
    public long? Seed { get; init; }

    /// <summary>The first parameter that is out of its range; null when none is.</summary>
    public ParameterRange? OutOfRange =>
        new[]
        {
            new ParameterRange("temperature", Temperature, 0, 2), new("top_p", TopP, 0, 1), new("top_k", TopK, 0, int.MaxValue), new("min_p", MinP, 0, 1),
            new("repetition_penalty", RepetitionPenalty, 0.1, 10), new("frequency_penalty", FrequencyPenalty, -2, 2), new("presence_penalty", PresencePenalty, -2, 2),
        }.FirstOrDefault(p => !(p.Value >= p.Min && p.Value <= p.Max));
}
