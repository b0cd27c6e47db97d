using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Support;
using Portal.Inference.Images.Files;
using Portal.Inference.Images.Watermark;

namespace Portal.Prompts.Marks;

/// <summary>Tells the staff which request made a picture. The picture is read and forgotten; what was found is recorded with the account.</summary>
public sealed class PictureTracer(IDbContextFactory<PortalDb> databases, PictureMarks marks, TimeProvider clock) : IDisposable
{
    public const int FileMegabytesMax = 12;
    public const int FileBytesMax = FileMegabytesMax << 20;

    /// <summary>Twice what the largest model draws: a scaled-up picture has lost its mark anyhow.</summary>
    private const int PixelsMax = 8_000_000;

    /// <summary>A request ends, and is charged, within a day of its beginning, and its charge is tried again for a while.</summary>
    private const int DaysUntilCharged = 3;

    // A picture takes some hundred megabytes and a processor while it is read.
    private readonly SemaphoreSlim oneAtATime = new(1);

    public async Task<Outcome<PictureTrace>> Trace(Caller caller, byte[] file, CancellationToken cancel = default)
    {
        if (caller.WhyNot(Right.Serve) is { } no) return no;
        if (file.Length > FileBytesMax)
        {
            return new Refusal("picture.file", $"{FileMegabytesMax}");
        }

        var reader = await marks.Reader(cancel);
        await oneAtATime.WaitAsync(cancel);
        try
        {
            var read = await Task.Run(() => Read(reader, file), cancel);
            return read.IsDone(out var refusal) ? await Find(caller, read.Value.Picture, read.Value.Mark, cancel) : refusal;
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    public void Dispose() => oneAtATime.Dispose();

    private static Outcome<(Picture Picture, WatermarkFinding? Mark)> Read(WatermarkReader reader, byte[] file)
    {
        try
        {
            var picture = PictureReader.Read(file, PixelsMax);
            return (picture, reader.Read(picture.Rgb, picture.Width, picture.Height));
        }
        catch (NotSupportedException)
        {
            return new Refusal("picture.format");
        }
        catch (InvalidDataException)
        {
            return new Refusal("picture.damaged");
        }
        catch (PictureTooLargeException e)
        {
            return new Refusal("picture.pixels", $"{Whole(e.Width)} × {Whole(e.Height)}", Whole(PixelsMax));
        }
    }

    private async Task<PictureTrace> Find(Caller caller, Picture picture, WatermarkFinding? mark, CancellationToken cancel)
    {
        if (mark is null)
        {
            return new PictureTrace(picture.Width, picture.Height, null, null, [], []);
        }

        var payload = MarkPayload.From(mark.Payload);
        await using var db = databases.CreateDbContext();
        var accounts = new List<TracedAccount>();
        await foreach (var account in db.Accounts.AsNoTracking().Select(a => new TracedAccount(a.Id, a.Name)).AsAsyncEnumerable().WithCancellation(cancel))
        {
            if (MarkPayload.AccountTag(account.Id) == payload.Account)
            {
                accounts.Add(account);
            }
        }

        var requests = await Requests(db, accounts.ConvertAll(a => a.Id), payload, cancel);
        foreach (var account in accounts)
        {
            db.AuditEntries.Add(new AuditEntry
            {
                At = clock.GetUtcNow(), PersonId = caller.PersonId, AccountId = account.Id, Action = "picture.traced",
                Subject = string.Join(' ', requests.Where(r => r.AccountId == account.Id).Select(r => r.Id)), Detail = payload.Day.ToString("O", CultureInfo.InvariantCulture),
            });
        }

        await db.SaveChangesAsync(cancel);
        return new PictureTrace(picture.Width, picture.Height, Evidence(mark), payload.Day, accounts, requests);
    }

    private static async Task<List<TracedRequest>> Requests(PortalDb db, List<Guid> accounts, MarkPayload payload, CancellationToken cancel)
    {
        var from = new DateTimeOffset(payload.Day, TimeOnly.MinValue, TimeSpan.Zero);
        var until = from.AddDays(DaysUntilCharged);
        var rows = await db.UsageRecords.AsNoTracking()
            .Where(u => accounts.Contains(u.AccountId) && u.At >= from && u.At < until && u.Unit == Unit.Images)
            .Join(db.Users, u => u.PersonId, p => p.Id, (u, p) => new TracedRequest(u.Id, u.AccountId, p.Email!, u.Model, u.At, u.ApiKeyId != null))
            .ToListAsync(cancel);
        return [.. rows.Where(r => MarkPayload.RequestTag(r.Id) == payload.Request).OrderBy(r => r.At)];
    }

    private static MarkEvidence Evidence(WatermarkFinding mark) => (10 * mark.BitsWrong / mark.Bits) switch
    {
        < 1 => MarkEvidence.Clear,
        < 2 => MarkEvidence.Worn,
        _ => MarkEvidence.Faint,
    };

    private static string Whole(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
