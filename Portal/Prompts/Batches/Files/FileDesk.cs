using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Accounts;
using Portal.Data;
using Portal.Data.Prompts;

namespace Portal.Prompts.Batches.Files;

/// <summary>The files of a member: nobody else's exist for them.</summary>
public sealed class FileDesk(IDbContextFactory<PortalDb> databases, TimeProvider clock, IOptions<BatchesOptions> options)
{
    public const int PageMax = 10_000;

    private const int NameMax = 200;
    private const int ReadBytes = 64 * 1024;

    /// <summary>How long what nobody finished writing is kept.</summary>
    private static readonly TimeSpan UnfinishedKept = TimeSpan.FromHours(1);

    /// <summary>Of one file.</summary>
    public long BytesMax => options.Value.FileMegabytesMax * 1_000_000L;

    /// <summary>Until a file is deleted.</summary>
    public int KeptDays => options.Value.KeptDays;

    /// <summary>Stores a file as it arrives; a refused or broken one leaves nothing.</summary>
    public async Task<Outcome<FileView>> Store(Caller caller, string name, Stream content, CancellationToken cancel = default)
    {
        if (caller.ReadOnly) return Refusal.ReadOnly;
        var now = clock.GetUtcNow();
        var file = await Begin(Guid.CreateVersion7(now), caller.AccountId, caller.MembershipId, Fit(name), FilePurposes.Input, now, cancel);
        var stored = false;
        try
        {
            var written = await Copy(caller.AccountId, file, content, cancel);
            if (!written.IsDone(out var refusal, out var bytes))
            {
                return refusal;
            }

            await Complete(file.Id, bytes, cancel);
            stored = true;
            return new FileView(file.Id, file.Name, file.Purpose, bytes, file.CreatedAt, file.CreatedAt.AddDays(options.Value.KeptDays));
        }
        finally
        {
            if (!stored)
            {
                await Delete(file.Id);
            }
        }
    }

    /// <param name="purpose">Null: any.</param>
    /// <param name="after">Those that come after this one in the order; null: from the start.</param>
    public async Task<Outcome<IReadOnlyList<FileView>>> List(Caller caller, string? purpose, Guid? after, bool oldestFirst, int most, CancellationToken cancel = default)
    {
        await using var db = databases.CreateDbContext();
        if (purpose is not (null or FilePurposes.Input or FilePurposes.Output))
        {
            return Array.Empty<FileView>();
        }

        var files = Mine(db, caller).Where(f => purpose == null || f.Purpose == purpose);
        if (after is { } id)
        {
            if (await files.FirstOrDefaultAsync(f => f.Id == id, cancel) is not { } last)
            {
                return Refusal.NotFound;
            }

            files = oldestFirst
                ? files.Where(f => f.CreatedAt > last.CreatedAt || (f.CreatedAt == last.CreatedAt && f.Id.CompareTo(id) > 0))
                : files.Where(f => f.CreatedAt < last.CreatedAt || (f.CreatedAt == last.CreatedAt && f.Id.CompareTo(id) < 0));
        }

        var ordered = oldestFirst ? files.OrderBy(f => f.CreatedAt).ThenBy(f => f.Id) : files.OrderByDescending(f => f.CreatedAt).ThenByDescending(f => f.Id);
        return await ordered.Take(most).Select(f => new FileView(f.Id, f.Name, f.Purpose, f.Bytes, f.CreatedAt, f.ExpiresAt)).ToListAsync(cancel);
    }

    public async Task<Outcome<FileView>> Find(Caller caller, Guid fileId, CancellationToken cancel = default)
    {
        await using var db = databases.CreateDbContext();
        var file = await Mine(db, caller).Where(f => f.Id == fileId)
            .Select(f => new FileView(f.Id, f.Name, f.Purpose, f.Bytes, f.CreatedAt, f.ExpiresAt)).FirstOrDefaultAsync(cancel);
        return file is null ? Refusal.NotFound : file;
    }

    public async Task<Outcome<Done>> Delete(Caller caller, Guid fileId, CancellationToken cancel = default)
    {
        if (caller.ReadOnly) return Refusal.ReadOnly;
        var found = await Find(caller, fileId, cancel);
        if (!found.IsDone(out var refusal))
        {
            return refusal;
        }

        await Delete(fileId);
        return default(Done);
    }

    /// <summary>A file's bytes in order, a part at a time. Only for who found the file first.</summary>
    internal async IAsyncEnumerable<byte[]> Read(Guid fileId, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        for (var number = 0; ; number++)
        {
            await using var db = databases.CreateDbContext();
            var data = await db.FileParts.AsNoTracking().Where(p => p.FileId == fileId && p.Number == number).Select(p => p.Data).FirstOrDefaultAsync(cancel);
            if (data is null)
            {
                yield break;
            }

            yield return data;
        }
    }

    /// <summary>Copies a file's bytes to a response.</summary>
    public async Task<Outcome<Done>> Send(Caller caller, Guid fileId, Stream target, CancellationToken cancel = default)
    {
        var found = await Find(caller, fileId, cancel);
        if (!found.IsDone(out var refusal))
        {
            return refusal;
        }

        await foreach (var part in Read(fileId, cancel))
        {
            await target.WriteAsync(part, cancel);
        }

        return default(Done);
    }

    /// <summary>Starts a file that nobody sees before it is complete, in place of what was begun under the same id.</summary>
    internal async Task<StoredFile> Begin(Guid id, Guid accountId, Guid membershipId, string name, string purpose, DateTimeOffset now, CancellationToken cancel)
    {
        await using var db = databases.CreateDbContext();
        await db.StoredFiles.Where(f => f.Id == id).ExecuteDeleteAsync(cancel);
        var file = new StoredFile
        {
            Id = id, AccountId = accountId, MembershipId = membershipId, Name = name, Purpose = purpose, CreatedAt = now, ExpiresAt = now + UnfinishedKept,
        };
        db.StoredFiles.Add(file);
        await db.SaveChangesAsync(cancel);
        return file;
    }

    internal async Task Complete(Guid fileId, long bytes, CancellationToken cancel)
    {
        var expires = clock.GetUtcNow().AddDays(options.Value.KeptDays);
        await using var db = databases.CreateDbContext();
        await db.StoredFiles.Where(f => f.Id == fileId)
            .ExecuteUpdateAsync(set => set.SetProperty(f => f.Bytes, bytes).SetProperty(f => f.Complete, true).SetProperty(f => f.ExpiresAt, expires), cancel);
    }

    /// <summary>Deletes the files whose time is up.</summary>
    /// <returns>How many.</returns>
    public async Task<int> Prune(CancellationToken cancel = default)
    {
        var now = clock.GetUtcNow();
        await using var db = databases.CreateDbContext();
        return await db.StoredFiles.Where(f => f.ExpiresAt <= now).ExecuteDeleteAsync(cancel);
    }

    private static IQueryable<StoredFile> Mine(PortalDb db, Caller caller) =>
        db.StoredFiles.AsNoTracking().Where(f => f.AccountId == caller.AccountId && f.MembershipId == caller.MembershipId && f.Complete);

    private async Task<Outcome<long>> Copy(Guid accountId, StoredFile file, Stream content, CancellationToken cancel)
    {
        var writer = new PartWriter(databases, file.Id);
        var (left, counted) = (await Left(accountId, cancel), 0L);
        var buffer = new byte[ReadBytes];
        for (int read; (read = await content.ReadAsync(buffer, cancel)) > 0;)
        {
            if (writer.Bytes + read > BytesMax)
            {
                return new Refusal("file.too-large", options.Value.FileMegabytesMax.ToString(CultureInfo.InvariantCulture));
            }

            if (writer.Flushed != counted)
            {
                // Other files of the account may arrive at the same time.
                (left, counted) = (await Left(accountId, cancel), writer.Flushed);
            }

            if (writer.Bytes - counted + read > left)
            {
                return new Refusal("file.account-full", options.Value.AccountMegabytesMax.ToString("N0", CultureInfo.InvariantCulture));
            }

            await writer.Write(buffer.AsMemory(0, read), cancel);
        }

        await writer.Flush(cancel);
        return writer.Bytes > 0 ? writer.Bytes : new Refusal("file.empty");
    }

    /// <summary>Bytes that an account may still store, those of unfinished files taken off.</summary>
    private async Task<long> Left(Guid accountId, CancellationToken cancel)
    {
        await using var db = databases.CreateDbContext();
        return (options.Value.AccountMegabytesMax * 1_000_000L) - await db.StoredFiles.Where(f => f.AccountId == accountId).SumAsync(f => f.Bytes, cancel);
    }

    private async Task Delete(Guid fileId)
    {
        await using var db = databases.CreateDbContext();
        await db.StoredFiles.Where(f => f.Id == fileId).ExecuteDeleteAsync(CancellationToken.None);
    }

    /// <summary>The last part of a path, without what no database or header takes.</summary>
    private static string Fit(string name)
    {
        var last = new string([.. name.Split('/', '\\')[^1].Where(c => !char.IsControl(c) && !char.IsSurrogate(c))]).Trim();
        return last.Length switch { 0 => "batch.jsonl", > NameMax => last[..NameMax], _ => last };
    }
}
