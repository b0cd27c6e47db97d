using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Prompts;
using Portal.Prompts.Batches.Files;
using Portal.Prompts.Batches.Work;

namespace Portal.Prompts.Batches;

/// <summary>The batches of a member: nobody else's exist for them. What becomes of one is the worker's part.</summary>
public sealed class BatchDesk(IDbContextFactory<PortalDb> databases, FileDesk files, BatchSignal signal, TimeProvider clock)
{
    public const string Window = "24h";

    /// <summary>Until what has not run does not run.</summary>
    public static readonly TimeSpan WindowLength = TimeSpan.FromHours(24);

    /// <summary>Batches of a member that may be under way at the same time.</summary>
    public const int OpenMax = 20;

    private const int MetadataMax = 16;
    private const int MetadataKeyMax = 64;
    private const int MetadataValueMax = 512;

    /// <summary>Takes a batch on; its file is read and checked later.</summary>
    /// <param name="key">The caller's own word for this request: the same one again gives the same batch. Null: every request is a new one.</param>
    public async Task<Outcome<BatchView>> Create(
        Caller caller, Guid inputFileId, string endpoint, IReadOnlyDictionary<string, string>? metadata = null, string? key = null, CancellationToken cancel = default)
    {
        if (caller.ReadOnly) return Refusal.ReadOnly;
        if (!BatchEndpoints.All.Contains(endpoint))
        {
            return new Refusal("batch.endpoint", string.Join(", ", BatchEndpoints.All));
        }

        var needed = endpoint == BatchEndpoints.Images ? KeyEndpoints.Images : KeyEndpoints.Text;
        if (caller.KeyRights is { } rights && !rights.Allows(needed))
        {
            return new Refusal("key.endpoint", endpoint);
        }

        if (metadata is not null && (metadata.Count > MetadataMax || metadata.Any(m => m.Key.Length > MetadataKeyMax || m.Value is null || m.Value.Length > MetadataValueMax)))
        {
            return new Refusal("batch.metadata", Whole(MetadataMax), Whole(MetadataKeyMax), Whole(MetadataValueMax));
        }

        var now = clock.GetUtcNow();
        var id = key is null ? Guid.CreateVersion7(now) : new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"batch:{caller.MembershipId:N}:{key}")).AsSpan(0, 16));
        if (key is not null && await Earlier(caller, id, inputFileId, endpoint, metadata, cancel) is { } earlier)
        {
            return earlier;
        }

        var found = await files.Find(caller, inputFileId, cancel);
        if (!found.IsDone(out var refusal, out var input))
        {
            return refusal;
        }

        if (input.Purpose != FilePurposes.Input)
        {
            return new Refusal("batch.file-purpose");
        }

        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);

        // A member's batches are taken on one after another, so that no two are the last one allowed.
        await db.Memberships.Where(m => m.Id == caller.MembershipId).ExecuteUpdateAsync(set => set.SetProperty(m => m.Role, m => m.Role), cancel);
        if (await Mine(db, caller).CountAsync(b => b.EndedAt == null, cancel) >= OpenMax)
        {
            return new Refusal("batch.too-many", Whole(OpenMax));
        }

        var batch = new Batch
        {
            Id = id, AccountId = caller.AccountId, MembershipId = caller.MembershipId, PersonId = caller.PersonId, ProjectId = caller.ProjectId,
            ApiKeyId = caller.ApiKeyId, Endpoint = endpoint, InputFileId = inputFileId, InputName = input.Name, CreatedAt = now, WorkedAt = now,
            ExpiresAt = now + WindowLength, Metadata = metadata is { Count: > 0 } ? JsonSerializer.Serialize(metadata) : null,
        };
        db.Batches.Add(batch);
        try
        {
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
        }
        catch (DbUpdateException) when (key is not null)
        {
            // The same request at the same time was first; anything else is a failure.
            if (await Earlier(caller, id, inputFileId, endpoint, metadata, cancel) is { } first)
            {
                return first;
            }

            throw;
        }

        signal.Ring();
        return BatchView.Of(batch);
    }

    /// <summary>Stores a file and takes it on as a batch of the endpoint that its first line names.</summary>
    public async Task<Outcome<BatchView>> Submit(Caller caller, string name, Stream content, CancellationToken cancel = default)
    {
        if (caller.ReadOnly) return Refusal.ReadOnly;
        var stored = await files.Store(caller, name, content, cancel);
        if (!stored.IsDone(out var refusal, out var file))
        {
            return refusal;
        }

        var first = BatchEndpoints.Chat;
        await foreach (var line in FileLines.Of(files.Read(file.Id, cancel), BatchIntake.LineBytesMax, cancel))
        {
            first = line is null ? first : LineReader.EndpointOf(line) ?? first;
            break;
        }

        var made = await Create(caller, file.Id, first, cancel: cancel);
        if (made.Refusal is not null)
        {
            // Whoever sends it again sends its file again.
            await files.Delete(caller, file.Id, CancellationToken.None);
        }

        return made;
    }

    public async Task<Outcome<BatchView>> Find(Caller caller, Guid batchId, CancellationToken cancel = default)
    {
        await using var db = databases.CreateDbContext();
        return await Mine(db, caller).AsNoTracking().FirstOrDefaultAsync(b => b.Id == batchId, cancel) is { } batch ? BatchView.Of(batch) : Refusal.NotFound;
    }

    /// <summary>The newest first.</summary>
    /// <param name="after">Those older than this one; null: from the newest.</param>
    public async Task<Outcome<IReadOnlyList<BatchView>>> List(Caller caller, Guid? after, int most, CancellationToken cancel = default)
    {
        await using var db = databases.CreateDbContext();
        var batches = Mine(db, caller).AsNoTracking();
        if (after is { } id)
        {
            if (await batches.FirstOrDefaultAsync(b => b.Id == id, cancel) is not { } last)
            {
                return Refusal.NotFound;
            }

            batches = batches.Where(b => b.CreatedAt < last.CreatedAt || (b.CreatedAt == last.CreatedAt && b.Id.CompareTo(id) < 0));
        }

        var rows = await batches.OrderByDescending(b => b.CreatedAt).ThenByDescending(b => b.Id).Take(most).ToListAsync(cancel);
        return rows.ConvertAll(BatchView.Of);
    }

    /// <summary>Ends a batch: what runs is stopped and costs nothing, what is done stays and is delivered. One that has ended is refused.</summary>
    public async Task<Outcome<BatchView>> Cancel(Caller caller, Guid batchId, CancellationToken cancel = default)
    {
        if (caller.ReadOnly) return Refusal.ReadOnly;
        var now = clock.GetUtcNow();
        await using (var db = databases.CreateDbContext())
        {
            await Mine(db, caller).Where(b => b.Id == batchId && (b.Status == BatchStatus.Validating || b.Status == BatchStatus.InProgress)).ExecuteUpdateAsync(
                set => set.SetProperty(b => b.Status, BatchStatus.Cancelling).SetProperty(b => b.CancellingAt, now), cancel);
        }

        signal.Ring();
        var found = await Find(caller, batchId, cancel);
        return found.IsDone(out var refusal, out var batch) && batch.Status is not (BatchStatus.Cancelling or BatchStatus.Cancelled) && batch.CancellingAt is null
            ? new Refusal("batch.ended")
            : refusal is null ? batch! : refusal;
    }

    /// <summary>What the same request made before; null: nothing.</summary>
    private async Task<Outcome<BatchView>?> Earlier(
        Caller caller, Guid batchId, Guid inputFileId, string endpoint, IReadOnlyDictionary<string, string>? metadata, CancellationToken cancel) =>
        !(await Find(caller, batchId, cancel)).IsDone(out _, out var batch) ? null
        : batch.InputFileId == inputFileId && batch.Endpoint == endpoint && Pairs(batch.Metadata).SetEquals(Pairs(metadata)) ? batch
        : new Refusal("idempotency.mismatch");

    private static HashSet<KeyValuePair<string, string>> Pairs(IReadOnlyDictionary<string, string>? metadata) => metadata is null ? [] : [.. metadata];

    private static IQueryable<Batch> Mine(PortalDb db, Caller caller) =>
        db.Batches.Where(b => b.AccountId == caller.AccountId && b.MembershipId == caller.MembershipId);

    private static string Whole(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
