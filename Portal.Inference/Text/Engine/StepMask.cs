namespace Portal.Inference.Text.Engine;

/// <summary>
/// The attention mask of the step that is run, in one piece of memory for whatever batches take turns: it is written anew where their shape changes, which
/// costs 8 bytes a position where the cache that is read has many times that. For one thread.
/// </summary>
/// <param name="slots">Rows, at most.</param>
/// <param name="widthMax">The context's length.</param>
internal sealed class StepMask(int slots, int widthMax)
{
    /// <summary>
    /// The width grows by this much: a wider one than the longest row needs changes nothing, since only the ones of a row count, and as long as it fits
    /// nothing needs to be bound.
    /// </summary>
    private const int WidthStep = 64;

    private readonly long[] values = new long[(long)slots * widthMax];
    private readonly int[] ones = new int[slots];
    private int rows;

    /// <summary>Of the mask as it was written last.</summary>
    public int Width { get; private set; }

    /// <summary>The same memory at each call with the same number of rows, as long as the width is the same.</summary>
    public Memory<long> Values => values.AsMemory(0, rows * Width);

    /// <summary>How many ones each row has.</summary>
    /// <param name="counts">Of each row, at least one.</param>
    /// <param name="most">The largest of them.</param>
    public void Write(ReadOnlySpan<int> counts, int most)
    {
        Shape(counts.Length, Math.Min(widthMax, (most + WidthStep - 1) / WidthStep * WidthStep));
        for (var row = 0; row < counts.Length; row++)
        {
            var (from, to) = (ones[row], counts[row]);
            var places = values.AsSpan(row * Width, Width);
            if (from < to)
            {
                places[from..to].Fill(1);
            }
            else
            {
                places[to..from].Clear();
            }

            ones[row] = to;
        }
    }

    private void Shape(int rowsWanted, int width)
    {
        if ((rowsWanted, width) == (rows, Width))
        {
            return;
        }

        values.AsSpan(0, rows * Width).Clear();
        Array.Clear(ones);
        (rows, Width) = (rowsWanted, width);
    }
}
