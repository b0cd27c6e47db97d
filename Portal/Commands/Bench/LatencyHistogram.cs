using System.Numerics;

namespace Portal.Commands.Bench;

/// <summary>How often each time was measured, to three per cent, in one fixed size however many there are. For any number of threads.</summary>
internal sealed class LatencyHistogram
{
    // Microseconds below twice this are counted each by themselves, longer times by as many steps in each doubling.
    private const int Steps = 32;
    private const int Doublings = 40;

    private readonly long[] counts = new long[Steps * Doublings];

    public void Add(TimeSpan time) => Interlocked.Increment(ref counts[PlaceOf(time.Ticks / TimeSpan.TicksPerMicrosecond)]);

    /// <returns>Milliseconds that this share of the times stayed below; 0 when there are none.</returns>
    public decimal At(int percent)
    {
        var total = counts.Sum();
        var rank = Math.Min(total * percent / 100, total - 1);
        for (var (place, seen) = (0, 0L); total > 0; place++)
        {
            seen += counts[place];
            if (seen > rank)
            {
                return decimal.Ceiling(EndOf(place) / 10m) / 100;
            }
        }

        return 0;
    }

    private static int PlaceOf(long micros)
    {
        var doubling = Math.Max(0, BitOperations.Log2((ulong)micros) - BitOperations.Log2(Steps));
        return Math.Min((doubling * Steps) + (int)(micros >> doubling), (Steps * Doublings) - 1);
    }

    private static long EndOf(int place)
    {
        var doubling = Math.Max(0, (place / Steps) - 1);
        return (long)(place - (doubling * Steps) + 1) << doubling;
    }
}
