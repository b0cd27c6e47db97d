using System.Numerics;

namespace Portal.Inference.Images.Watermark;

/// <summary>The discrete Fourier transform of a square of <see cref="Size"/> x <see cref="Size"/> numbers, row by row, in place and unscaled.</summary>
internal static class Fourier
{
    public const int Size = 64;
    private const int Levels = 6;
    private static readonly Complex[] Roots = [.. Enumerable.Range(0, Size / 2).Select(i => Complex.FromPolarCoordinates(1, -2 * Math.PI * i / Size))];

    public static void Forward(Complex[] square)
    {
        for (var i = 0; i < Size; i++)
        {
            Line(square.AsSpan(i * Size, Size), 1);
        }

        for (var i = 0; i < Size; i++)
        {
            Line(square.AsSpan(i), Size);
        }
    }

    /// <summary>The transform back, without the division by the count.</summary>
    public static void Backward(Complex[] square)
    {
        Conjugate(square);
        Forward(square);
        Conjugate(square);
    }

    private static void Conjugate(Complex[] square)
    {
        for (var i = 0; i < square.Length; i++)
        {
            square[i] = Complex.Conjugate(square[i]);
        }
    }

    private static void Line(Span<Complex> numbers, int stride)
    {
        for (var i = 0; i < Size; i++)
        {
            var j = Reversed(i);
            if (i < j)
            {
                (numbers[i * stride], numbers[j * stride]) = (numbers[j * stride], numbers[i * stride]);
            }
        }

        for (var half = 1; half < Size; half *= 2)
        {
            for (var start = 0; start < Size; start += 2 * half)
            {
                for (var i = 0; i < half; i++)
                {
                    var (low, high) = ((start + i) * stride, (start + i + half) * stride);
                    var turned = numbers[high] * Roots[i * (Size / 2 / half)];
                    numbers[high] = numbers[low] - turned;
                    numbers[low] += turned;
                }
            }
        }
    }

    private static int Reversed(int index)
    {
        var reversed = 0;
        for (var bit = 0; bit < Levels; bit++)
        {
            reversed |= (index >> bit & 1) << (Levels - 1 - bit);
        }

        return reversed;
    }
}
