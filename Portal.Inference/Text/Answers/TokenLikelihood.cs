using System.Numerics.Tensors;
using Portal.Inference.Onnx;

namespace Portal.Inference.Text.Answers;

/// <summary>Says of chosen tokens how likely the model found them and what it would rather have said.</summary>
internal sealed class TokenLikelihood(Tokenizer tokenizer, int top)
{
    public TokenChoice Of(ReadOnlySpan<float> logits, int token)
    {
        var max = TensorPrimitives.Max(logits);
        var sum = 0.0;
        foreach (var logit in logits)
        {
            sum += Math.Exp(logit - max);
        }

        var all = max + (float)Math.Log(sum);
        var likeliest = new LikelyToken[Math.Min(top, logits.Length)];
        var best = Likeliest(logits, likeliest.Length);
        for (var i = 0; i < likeliest.Length; i++)
        {
            likeliest[i] = new(tokenizer.Piece(best[i]), logits[best[i]] - all);
        }

        return new(token, new(tokenizer.Piece(token), logits[token] - all), likeliest);
    }

    /// <summary>The few likeliest tokens, likeliest first: few enough to look for each one's place.</summary>
    private static List<int> Likeliest(ReadOnlySpan<float> logits, int count)
    {
        var best = new List<int>(count + 1);
        for (var token = 0; count > 0 && token < logits.Length; token++)
        {
            if (best.Count < count || logits[token] > logits[best[^1]])
            {
                var place = best.Count;
                while (place > 0 && logits[token] > logits[best[place - 1]])
                {
                    place--;
                }

                best.Insert(place, token);
                if (best.Count > count)
                {
                    best.RemoveAt(count);
                }
            }
        }

        return best;
    }
}
