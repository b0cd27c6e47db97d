using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Payments;

namespace Portal.Payments.Sandbox;

/// <summary>
/// One request's view of the sandbox's objects. Objects are JSON in Stripe's shape and are changed in place; <see cref="Save"/> writes what
/// changed, new objects and their events in one commit, or throws <see cref="DbUpdateException"/> when another request was faster.
/// </summary>
public sealed class SandboxWork(PortalDb db, TimeProvider time, string requestId, string? idempotencyKey) : IAsyncDisposable
{
    public const string EventType = "event";

    private static long lastSequence;

    private readonly Dictionary<string, (SandboxObject Row, JsonObject Json)> loaded = new(StringComparer.Ordinal);

    public DateTimeOffset Now { get; } = time.GetUtcNow();

    public long UnixNow => Now.ToUnixTimeSeconds();

    public string RequestId { get; } = requestId;

    public bool HasNewEvents { get; private set; }

    public async Task<JsonObject?> Find(string type, string id, CancellationToken cancel)
    {
        if (loaded.TryGetValue(id, out var known)) return known.Row.Type == type ? known.Json : null;
        var row = await db.SandboxObjects.SingleOrDefaultAsync(o => o.Id == id && o.Type == type, cancel);
        return row is null ? null : Track(row);
    }

    public async Task<(List<JsonObject> Data, bool HasMore)> List(SandboxQuery page, CancellationToken cancel)
    {
        var query = db.SandboxObjects.Where(o => o.Type == page.Type);
        foreach (var (field, value) in page.Filters)
        {
            // The rows are written compactly by this class, so the pair is found as text; the table of a sandbox stays small.
            var pair = new JsonObject { [field] = value }.ToJsonString()[1..^1];
            query = query.Where(o => o.Json.Contains(pair));
        }
        if (page.CreatedFrom is { } from)
        {
            var start = DateTimeOffset.FromUnixTimeSeconds(from);
            query = query.Where(o => o.CreatedAt >= start);
        }
        if (page.CreatedTo is { } to)
        {
            var end = DateTimeOffset.FromUnixTimeSeconds(to).AddSeconds(1);
            query = query.Where(o => o.CreatedAt < end);
        }
        if (page.StartingAfter is not null && await SequenceOf(page.StartingAfter, cancel) is { } after) query = query.Where(o => o.Sequence < after);
        if (page.EndingBefore is not null && await SequenceOf(page.EndingBefore, cancel) is { } before)
        {
            // The page just before the cursor: nearest first, then turned round.
            var nearest = await query.Where(o => o.Sequence > before).OrderBy(o => o.Sequence).Take(page.Limit + 1).ToListAsync(cancel);
            return (nearest.Take(page.Limit).Reverse().Select(Track).ToList(), nearest.Count > page.Limit);
        }
        var rows = await query.OrderByDescending(o => o.Sequence).Take(page.Limit + 1).ToListAsync(cancel);
        return (rows.Take(page.Limit).Select(Track).ToList(), rows.Count > page.Limit);
    }

    /// <param name="dueAt">When the sender looks at the object again: an event's delivery, a session's expiry, a pending refund's outcome.</param>
    public JsonObject Add(JsonObject json, DateTimeOffset? dueAt = null)
    {
        var row = new SandboxObject
        {
            Id = json["id"]!.GetValue<string>(),
            Type = json["object"]!.GetValue<string>(),
            Json = "",
            CreatedAt = Now,
            Sequence = NextSequence(Now),
            DueAt = dueAt,
        };
        db.SandboxObjects.Add(row);
        loaded.Add(row.Id, (row, json));
        return json;
    }

    public void SetDue(JsonObject json, DateTimeOffset? dueAt) => loaded[json["id"]!.GetValue<string>()].Row.DueAt = dueAt;

    public void Remove(JsonObject json)
    {
        loaded.Remove(json["id"]!.GetValue<string>(), out var known);
        db.SandboxObjects.Remove(known.Row);
    }

    /// <summary>Tells the portal by webhook, with the object as it is now.</summary>
    public void Emit(string eventType, JsonObject about)
    {
        Add(Shapes.Event(this, eventType, about, idempotencyKey), Now);
        HasNewEvents = true;
    }

    public async Task Save(CancellationToken cancel)
    {
        foreach (var (row, json) in loaded.Values)
        {
            var text = json.ToJsonString();
            if (row.Json == text) continue;
            row.Json = text;
            row.Version++;
        }
        await db.SaveChangesAsync(cancel);
    }

    public ValueTask DisposeAsync() => db.DisposeAsync();

    private JsonObject Track(SandboxObject row)
    {
        if (loaded.TryGetValue(row.Id, out var known)) return known.Json;
        var json = JsonNode.Parse(row.Json)!.AsObject();
        loaded.Add(row.Id, (row, json));
        return json;
    }

    private async Task<long?> SequenceOf(string id, CancellationToken cancel) =>
        await db.SandboxObjects.Where(o => o.Id == id).Select(o => (long?)o.Sequence).SingleOrDefaultAsync(cancel);

    /// <summary>Microseconds since 1970, made unique within this process: the order of creation.</summary>
    private static long NextSequence(DateTimeOffset now)
    {
        var wanted = (now.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        while (true)
        {
            var last = Interlocked.Read(ref lastSequence);
            var next = Math.Max(last + 1, wanted);
            if (Interlocked.CompareExchange(ref lastSequence, next, last) == last) return next;
        }
    }
}
