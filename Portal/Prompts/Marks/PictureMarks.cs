using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Inference.Images;
using Portal.Inference.Images.Watermark;

namespace Portal.Prompts.Marks;

/// <summary>
/// The invisible mark of every picture. Its key is made once by the installation and kept in its database: without it a mark can neither be read nor
/// written, and with another key the pictures of before are strangers.
/// </summary>
public sealed class PictureMarks(IDbContextFactory<PortalDb> databases, TimeProvider clock)
{
    private const string KeyName = "picture-marks";
    private const int KeyBytes = 32;

    // Loaded on first use, perhaps twice at once, which comes to the same.
    private volatile Pair? pair;

    /// <summary>The mark of a request that begins now.</summary>
    public async Task<ImageMark> For(Guid accountId, Guid requestId, CancellationToken cancel = default)
    {
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        return new ImageMark((await Load(cancel)).Writer, MarkPayload.Of(today, accountId, requestId).Bits);
    }

    public async Task<WatermarkReader> Reader(CancellationToken cancel = default) => (await Load(cancel)).Reader;

    private async Task<Pair> Load(CancellationToken cancel)
    {
        if (pair is { } loaded)
        {
            return loaded;
        }

        var key = await Stored(cancel) ?? await Make(cancel);
        return pair = new Pair(new WatermarkWriter(key), new WatermarkReader(key));
    }

    private async Task<byte[]?> Stored(CancellationToken cancel)
    {
        await using var db = databases.CreateDbContext();
        return await db.StoredSecrets.AsNoTracking().Where(s => s.Name == KeyName).Select(s => s.Value).FirstOrDefaultAsync(cancel);
    }

    private async Task<byte[]> Make(CancellationToken cancel)
    {
        await using var db = databases.CreateDbContext();
        var secret = new StoredSecret { Name = KeyName, Value = RandomNumberGenerator.GetBytes(KeyBytes), CreatedAt = clock.GetUtcNow() };
        db.StoredSecrets.Add(secret);
        try
        {
            await db.SaveChangesAsync(cancel);
            return secret.Value;
        }
        catch (DbUpdateException)
        {
            // Another node was first: its key is everybody's.
            if (await Stored(cancel) is { } first)
            {
                return first;
            }

            throw;
        }
    }

    private sealed record Pair(WatermarkWriter Writer, WatermarkReader Reader);
}
