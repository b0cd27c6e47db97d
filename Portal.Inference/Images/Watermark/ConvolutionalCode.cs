using System.Numerics;

namespace Portal.Inference.Images.Watermark;

/// <summary>
/// The error correction of the mark: the convolutional code of rate 1/4 and constraint length 9 with the generators 463, 535, 733 and 745 (octal; free
/// distance 24, the best of its kind by Larsen's table), ended by eight zeros and decoded softly by Viterbi's algorithm.
/// </summary>
internal static class ConvolutionalCode
{
    private const int Memory = 8;
    private const int States = 1 << Memory;
    private const int Rate = 4;
    private static readonly int[] Generators = [0x133, 0x15D, 0x1DB, 0x1E5];
    private static readonly byte[] Outputs = [.. Enumerable.Range(0, 2 * States).Select(Output)];

    /// <summary>Coded bits of a message of so many bits.</summary>
    public static int LengthOf(int bits) => (bits + Memory) * Rate;

    public static bool[] Encode(ReadOnlySpan<bool> message)
    {
        var coded = new bool[LengthOf(message.Length)];
        var register = 0;
        for (var i = 0; i < message.Length + Memory; i++)
        {
            register = (register << 1 | (i < message.Length && message[i] ? 1 : 0)) & (2 * States - 1);
            for (var j = 0; j < Rate; j++)
            {
                coded[i * Rate + j] = (Outputs[register] >> j & 1) != 0;
            }
        }

        return coded;
    }

    /// <param name="soft">For each coded bit how much speaks for a one; below zero for a zero.</param>
    /// <returns>The message whose coded bits agree best.</returns>
    public static bool[] Decode(ReadOnlySpan<float> soft)
    {
        var steps = soft.Length / Rate;
        var cameFrom = new byte[steps * States];
        var score = new float[States];
        var next = new float[States];
        Array.Fill(score, float.NegativeInfinity);
        score[0] = 0;
        Span<float> gains = stackalloc float[1 << Rate];
        for (var step = 0; step < steps; step++)
        {
            Gains(soft.Slice(step * Rate, Rate), gains);
            for (var state = 0; state < States; state++)
            {
                // The register's oldest bit is lost on the way into a state: two states lead there.
                var (zero, one) = (score[state >> 1] + gains[Outputs[state]], score[state >> 1 | States / 2] + gains[Outputs[state | States]]);
                cameFrom[step * States + state] = (byte)(one > zero ? 1 : 0);
                next[state] = Math.Max(zero, one);
            }

            (score, next) = (next, score);
        }

        var message = new bool[steps - Memory];
        for (var (step, state) = (steps - 1, 0); step >= 0; step--)
        {
            if (step < message.Length)
            {
                message[step] = (state & 1) != 0;
            }

            state = state >> 1 | cameFrom[step * States + state] * (States / 2);
        }

        return message;
    }

    private static void Gains(ReadOnlySpan<float> soft, Span<float> gains)
    {
        for (var outputs = 0; outputs < gains.Length; outputs++)
        {
            gains[outputs] = 0;
            for (var j = 0; j < Rate; j++)
            {
                gains[outputs] += (outputs >> j & 1) != 0 ? soft[j] : -soft[j];
            }
        }
    }

    private static byte Output(int register)
    {
        var bits = 0;
        for (var j = 0; j < Rate; j++)
        {
            bits |= (BitOperations.PopCount((uint)(register & Generators[j])) & 1) << j;
        }

        return (byte)bits;
    }
}
