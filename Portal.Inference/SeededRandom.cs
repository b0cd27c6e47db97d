using System.Security.Cryptography;

namespace Portal.Inference;

/// <summary>SplitMix64: the same seed gives the same numbers on every machine and every version of .NET, which <see cref="Random"/> does not promise.</summary>
internal sealed class SeededRandom(long? seed)
{
    private ulong state = unchecked((ulong)(seed ?? BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8))));

    /// <summary>From 0 to below 1.</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>From the standard normal distribution (Box and Muller).</summary>
    public float NextNormal()
    {
        var radius = Math.Sqrt(-2 * Math.Log(1 - NextDouble()));
        return (float)(radius * Math.Cos(2 * Math.PI * NextDouble()));
    }

    private ulong Next()
    {
        var mixed = state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
