namespace Portal.Inference.Text.Engine;

/// <summary>How much of the waiting prompts is read between two tokens of the answers beside them, by how fast it went so far.</summary>
/// <param name="stepMax">What reading may take between two tokens.</param>
/// <param name="chunkMax">Tokens of one run at most.</param>
internal sealed class PromptPace(TimeSpan stepMax, int chunkMax)
{
    /// <summary>Fewer tokens take hardly less time: the weights are read once for all of them.</summary>
    public const int ChunkMin = 8;

    private const int ChunkFirst = 32;

    public TimeSpan StepMax => stepMax;

    /// <summary>Prompt tokens of one step, at least one.</summary>
    public int Tokens { get; private set; } = Math.Min(ChunkFirst, chunkMax);

    /// <summary>How many of the prompts, from the first on, may be read in one run: padded to the longest they fit, and are for three quarters prompts.</summary>
    /// <param name="lengths">In tokens.</param>
    /// <param name="tokens">Room there is.</param>
    public static int Fitting(ReadOnlySpan<int> lengths, int tokens)
    {
        var (longest, sum) = (0, 0);
        for (var i = 0; i < lengths.Length; i++)
        {
            longest = Math.Max(longest, lengths[i]);
            sum += lengths[i];
            if ((i + 1) * longest > tokens || 4 * sum < 3 * (i + 1) * longest)
            {
                return Math.Max(1, i);
            }
        }

        return lengths.Length;
    }

    /// <summary>The prompts of one step: this many tokens were read in this time.</summary>
    public void Took(int tokens, TimeSpan time)
    {
        // Fewer than there might have been: that it was quick says nothing.
        if (tokens >= Tokens || time > stepMax)
        {
            var fit = tokens * (stepMax / time);
            Tokens = Math.Min(chunkMax, (int)Math.Clamp(fit, ChunkMin, Math.Max(ChunkMin, 2 * tokens)));
        }
    }
}
