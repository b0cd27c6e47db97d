using System.Numerics.Tensors;

namespace Portal.Inference.Text.Answers;

/// <summary>Chooses the next token as the request asks.</summary>
/// <param name="prompt">Its tokens count for the repetition penalty.</param>
internal sealed class Sampler(Sampling sampling, ReadOnlySpan<int> prompt)
{
    /// <summary>Tokens less likely than the likeliest by this factor, e^-20, are never drawn; leaving them out keeps the sort short.</summary>
    private const float LogitSpanMax = 20;

    private readonly SeededRandom random = new(sampling.Seed);
    private readonly TokenPenalties? penalties = TokenPenalties.Of(sampling, prompt);

    /// <exception cref="InvalidDataException">The logits are no numbers to choose by.</exception>
    public int Next(ReadOnlySpan<float> logits)
    {
        logits = penalties is null ? logits : penalties.Apply(logits);
        var token = TensorPrimitives.IndexOfMax(logits);
        // The largest is a NaN when there is one.
        if (!float.IsFinite(logits[token]))
        {
            throw new InvalidDataException("The graph's logits are not numbers.");
        }

        if (sampling.Temperature > 0 && sampling.TopK != 1)
        {
            token = Draw(logits, logits[token]);
        }

        penalties?.Add(token);
        return token;
    }

    private int Draw(ReadOnlySpan<float> logits, float max)
    {
        var candidates = new List<(float Weight, int Token)>();
        for (var token = 0; token < logits.Length; token++)
        {
            var exponent = (logits[token] - max) / sampling.Temperature;
            if (exponent > -LogitSpanMax)
            {
                candidates.Add((MathF.Exp(exponent), token));
            }
        }

        // Equal weights in the order of their ids, so that a seed means the same draw every time.
        candidates.Sort((a, b) => b.Weight != a.Weight ? b.Weight.CompareTo(a.Weight) : a.Token.CompareTo(b.Token));
        var count = sampling.TopK == 0 ? candidates.Count : Math.Min(sampling.TopK, candidates.Count);

        // The likeliest one's weight is 1.
        while (candidates[count - 1].Weight < sampling.MinP)
        {
            count--;
        }

        count = Nucleus(candidates, count);
        var left = random.NextDouble() * Sum(candidates, count);
        for (var i = 0; i < count - 1; i++)
        {
            left -= candidates[i].Weight;
            if (left < 0)
            {
                return candidates[i].Token;
            }
        }

        return candidates[count - 1].Token;
    }

    /// <summary>How many of the first candidates it takes to reach top-p; at least one.</summary>
    private int Nucleus(List<(float Weight, int Token)> candidates, int count)
    {
        var enough = Sum(candidates, count) * sampling.TopP;
        var reached = 0.0;
        for (var i = 0; i < count; i++)
        {
            reached += candidates[i].Weight;
            if (reached >= enough)
            {
                return i + 1;
            }
        }

        return count;
    }

    private static double Sum(List<(float Weight, int Token)> candidates, int count)
    {
        var sum = 0.0;
        for (var i = 0; i < count; i++)
        {
            sum += candidates[i].Weight;
        }

        return sum;
    }
}
