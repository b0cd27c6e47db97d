using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Prompts;

namespace Portal.Prompts.Batches.Files;

/// <summary>Writes a file's bytes part by part, each on disk before the next is read.</summary>
internal sealed class PartWriter(IDbContextFactory<PortalDb> databases, Guid fileId)
{
    private const int PartBytes = 256 * 1024;

    private readonly byte[] buffer = new byte[PartBytes];
    private int filled;
    private int parts;

    public long Bytes { get; private set; }

    /// <summary>Of these on disk, and counted in the file's row.</summary>
    public long Flushed { get; private set; }

    public async Task Write(ReadOnlyMemory<byte> data, CancellationToken cancel)
    {
        Bytes += data.Length;
        while (!data.IsEmpty)
        {
            var taken = Math.Min(data.Length, PartBytes - filled);
            data[..taken].CopyTo(buffer.AsMemory(filled));
            filled += taken;
            data = data[taken..];
            if (filled == PartBytes)
            {
                await Flush(cancel);
            }
        }
    }

    public async Task Flush(CancellationToken cancel)
    {
        if (filled == 0)
        {
            return;
        }

        await using var db = databases.CreateDbContext();
        db.FileParts.Add(new FilePart { FileId = fileId, Number = parts++, Data = buffer[..filled] });
        await db.SaveChangesAsync(cancel);
        Flushed += filled;
        filled = 0;
        await db.StoredFiles.Where(f => f.Id == fileId).ExecuteUpdateAsync(set => set.SetProperty(f => f.Bytes, Flushed), cancel);
    }
}
