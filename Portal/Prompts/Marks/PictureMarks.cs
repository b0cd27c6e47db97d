using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
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

    private readonly StoredKey key = new(databases, KeyName, clock);

    // Made on first use, perhaps twice at once, which comes to the same.
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

        var secret = await key.Load(cancel);
        return pair = new Pair(new WatermarkWriter(secret), new WatermarkReader(secret));
    }

    private sealed record Pair(WatermarkWriter Writer, WatermarkReader Reader);
}
