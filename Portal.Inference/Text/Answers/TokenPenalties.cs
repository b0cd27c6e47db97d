namespace Portal.Inference.Text.Answers;

/// <summary>Changes the logits of tokens that were there already.</summary>
internal sealed class TokenPenalties
{
    private readonly Sampling sampling;

    /// <summary>How often the answer has each token of the conversation; 0 for those of the prompt alone.</summary>
    private readonly Dictionary<int, int> counts = [];

    private float[] changed = [];

    private TokenPenalties(Sampling sampling, ReadOnlySpan<int> prompt)
    {
        this.sampling = sampling;
        foreach (var token in prompt)
        {
            counts[token] = 0;
        }
    }

    /// <returns>Null when the request has no penalties.</returns>
    public static TokenPenalties? Of(Sampling sampling, ReadOnlySpan<int> prompt) =>
        sampling is { RepetitionPenalty: 1, FrequencyPenalty: 0, PresencePenalty: 0 } ? null : new(sampling, prompt);

    /// <summary>A token of the answer.</summary>
    public void Add(int token) => counts[token] = counts.GetValueOrDefault(token) + 1;

    /// <returns>The changed logits; valid until the next call.</returns>
    public ReadOnlySpan<float> Apply(ReadOnlySpan<float> logits)
    {
        if (changed.Length != logits.Length)
        {
            changed = new float[logits.Length];
        }

        logits.CopyTo(changed);
        foreach (var (token, count) in counts)
        {
            var logit = changed[token];
            logit = logit > 0 ? logit / sampling.RepetitionPenalty : logit * sampling.RepetitionPenalty;
            changed[token] = logit - (count * sampling.FrequencyPenalty) - (count > 0 ? sampling.PresencePenalty : 0);
        }

        return changed;
    }
}
