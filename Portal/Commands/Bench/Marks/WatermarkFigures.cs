namespace Portal.Commands.Bench.Marks;

/// <param name="Images">Pictures of each size, of all kinds in equal parts.</param>
/// <param name="Sizes">Smallest first.</param>
/// <param name="FalseReadings">Readings of pictures without a mark or with another key's.</param>
/// <param name="FalsePositives">In how many of them a mark was found.</param>
/// <param name="FalsePositiveBound">Above the probability of one, by construction.</param>
public sealed record WatermarkFigures(
    string Bench, int Images, IReadOnlyList<string> Kinds, IReadOnlyList<WatermarkFigures.OfSize> Sizes, int FalseReadings, int FalsePositives, double FalsePositiveBound)
{
    private const int PromisedFrom = 256;
    private static readonly string[] Promised = ["none", "jpeg75", "brighter10", "darker10", "noise5", "crop10"];

    /// <summary>From 256 pixels on 99 % of the marks are read after each promised distortion, at 40 dB; and none where there is none.</summary>
    public bool KeepsThePromise() => FalsePositives == 0 && Sizes.All(size => size.PsnrMinDb >= 40)
        && Sizes.Where(size => size.Size >= PromisedFrom).All(size => Promised.All(name => size.DetectedPercent[name] >= 99));

    /// <param name="Size">Pixels of each side.</param>
    /// <param name="DetectedPercent">Marks that were read exactly, by distortion.</param>
    /// <param name="Lost">Marks that were not, by kind of picture, of all distortions together.</param>
    public sealed record OfSize(
        int Size, double PsnrMinDb, double PsnrMedianDb, double EmbedMs, double DetectMs,
        IReadOnlyDictionary<string, double> DetectedPercent, IReadOnlyDictionary<string, int> Lost);
}
