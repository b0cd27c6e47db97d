using System.Runtime.CompilerServices;

namespace Portal.Prompts.Batches.Files;

/// <summary>The lines of a file that comes in pieces.</summary>
internal static class FileLines
{
    /// <summary>Each line without its end; null in place of one that is longer than <paramref name="most"/> bytes.</summary>
    public static async IAsyncEnumerable<byte[]?> Of(IAsyncEnumerable<byte[]> pieces, int most, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        using var line = new MemoryStream();
        var tooLong = false;
        await foreach (var piece in pieces.WithCancellation(cancel))
        {
            for (var at = 0; at < piece.Length;)
            {
                var end = Array.IndexOf(piece, (byte)'\n', at);
                var count = (end < 0 ? piece.Length : end) - at;
                tooLong |= line.Length + count > most;
                if (!tooLong)
                {
                    line.Write(piece, at, count);
                }

                if (end >= 0)
                {
                    yield return tooLong ? null : line.ToArray();
                    (tooLong, line.Position) = (false, 0);
                    line.SetLength(0);
                }

                at += count + 1;
            }
        }

        if (tooLong || line.Length > 0)
        {
            yield return tooLong ? null : line.ToArray();
        }
    }
}
