using System.Collections.Concurrent;
using Portal.Inference;
using Portal.Inference.Images;
using Portal.Inference.Images.Watermark;

namespace Portal.Commands.Bench.Marks;

/// <summary>How many marks are still read after each distortion, what they cost the picture, and how long both take.</summary>
public sealed class WatermarkBench(ModelHost models, TimeProvider clock)
{
    private const string Demo = "demo";
    private const int Timed = 20;
    private const int NoiseSize = 64;
    private static readonly int[] Sizes = [64, 96, 128, 256, 512];
    private static readonly byte[] Key = "the bench's own key"u8.ToArray();

    private readonly WatermarkWriter writer = new(Key);
    private readonly WatermarkReader reader = new(Key);
    private readonly WatermarkReader stranger = new("another key"u8);
    private int falseReadings;
    private int falsePositives;

    /// <param name="each">Pictures of each kind and size.</param>
    /// <param name="noises">Small pictures without a mark that are read besides.</param>
    public async Task<WatermarkFigures> Measure(int each, int noises, CancellationToken cancel)
    {
        await models.StartAsync(cancel);
        await models.Ready.WaitAsync(cancel);
        var model = models.Image("shapes") ?? throw new InvalidOperationException("The shipped model 'shapes' is needed, and is not there.");
        var sizes = new List<WatermarkFigures.OfSize>();
        foreach (var size in Sizes)
        {
            var pictures = BenchPicture.Kinds.SelectMany(kind => Enumerable.Range(0, each).Select(seed => new Sample(kind, seed, BenchPicture.Paint(kind, size, seed)))).ToList();
            for (var seed = 0; seed < each; seed++)
            {
                pictures.Add(new(Demo, seed, await DemoPictures.Draw(model, size, seed, cancel)));
            }

            sizes.Add(OfSize(size, pictures, cancel));
        }

        Parallel.For(0, noises, new ParallelOptions { CancellationToken = cancel }, seed =>
            ReadInVain(reader, BenchPicture.Paint(seed % 2 == 0 ? "texture" : "clouds", NoiseSize, -1 - seed), NoiseSize, NoiseSize));
        return new("watermark", each * (BenchPicture.Kinds.Count() + 1), [.. BenchPicture.Kinds, Demo], sizes, falseReadings, falsePositives, WatermarkReader.FalsePositiveBound);
    }

    private WatermarkFigures.OfSize OfSize(int size, List<Sample> pictures, CancellationToken cancel)
    {
        var quality = new ConcurrentBag<double>();
        var lost = new ConcurrentBag<(string Distortion, string Kind)>();
        Parallel.ForEach(pictures, new ParallelOptions { CancellationToken = cancel }, picture =>
        {
            var random = new Random(picture.Seed);
            var payload = (ulong)random.NextInt64();
            var marked = (byte[])picture.Rgb.Clone();
            writer.Write(marked, size, size, payload);
            quality.Add(Distortion.Psnr(picture.Rgb, marked));
            foreach (var distortion in Distortion.All)
            {
                var (rgb, width, height) = distortion.Apply(marked, size, size, random);
                if (reader.Read(rgb, width, height)?.Payload != payload)
                {
                    lost.Add((distortion.Name, picture.Kind));
                }
            }

            ReadInVain(reader, picture.Rgb, size, size);
            ReadInVain(reader, JpegLoss.Apply(picture.Rgb, size, size, 75), size, size);
            ReadInVain(stranger, marked, size, size);
        });
        var (embed, detect) = Times(size, pictures);
        var byKind = lost.GroupBy(l => l.Kind).OrderBy(g => g.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count());
        return new(
            size, Math.Round(quality.Min(), 2), Math.Round(quality.Order().ElementAt(quality.Count / 2), 2), embed, detect,
            Distortion.All.ToDictionary(d => d.Name, d => Math.Round(100.0 * (pictures.Count - lost.Count(l => l.Distortion == d.Name)) / pictures.Count, 1)), byKind);
    }

    private void ReadInVain(WatermarkReader with, byte[] rgb, int width, int height)
    {
        Interlocked.Increment(ref falseReadings);
        if (with.Read(rgb, width, height) is not null)
        {
            Interlocked.Increment(ref falsePositives);
        }
    }

    /// <summary>Medians in milliseconds, one picture after the other on one thread.</summary>
    private (double Embed, double Detect) Times(int size, List<Sample> pictures)
    {
        var (embed, detect) = (new List<double>(), new List<double>());
        foreach (var picture in pictures.Where((_, i) => i % Math.Max(pictures.Count / Timed, 1) == 0))
        {
            var marked = (byte[])picture.Rgb.Clone();
            var start = clock.GetTimestamp();
            writer.Write(marked, size, size, 1);
            var written = clock.GetTimestamp();
            reader.Read(marked, size, size);
            embed.Add(clock.GetElapsedTime(start, written).TotalMilliseconds);
            detect.Add(clock.GetElapsedTime(written).TotalMilliseconds);
        }

        return (Median(embed), Median(detect));
    }

    private static double Median(List<double> values) => Math.Round(values.Order().ElementAt(values.Count / 2), 1);

    private sealed record Sample(string Kind, int Seed, byte[] Rgb);
}
