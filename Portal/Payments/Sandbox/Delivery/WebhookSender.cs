using System.Data.Common;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Accounts.Mail;
using Portal.Data;
using Portal.Payments.Gateway;
using Portal.Payments.Sandbox.Resources;

namespace Portal.Payments.Sandbox.Delivery;

/// <summary>
/// Does what is due in the sandbox: sends events to the portal as signed webhooks, again and again for three days if need be, ends sessions whose
/// time is over and decides refunds that were pending. What is due is stored, so that a restart loses nothing.
/// </summary>
public sealed partial class WebhookSender(
    IDbContextFactory<PortalDb> databases, IHttpClientFactory clients, IOptions<PaymentOptions> options, OwnAddress own,
    SandboxFaults faults, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<WebhookSender> logger) : BackgroundService
{
    public const string ClientName = "sandbox-webhooks";
    private const int BatchMax = 50;
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    /// <summary>While an event is being sent nobody else sends it; long enough for one slow answer.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan[] RetryAfter =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(1), TimeSpan.FromHours(2), TimeSpan.FromHours(4), TimeSpan.FromHours(8), TimeSpan.FromHours(16), TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    private readonly SemaphoreSlim wake = new(0);

    /// <summary>Something new is due.</summary>
    public void Wake() => wake.Release();

    /// <summary>Does all that is due now; returns how many webhooks were accepted.</summary>
    public async Task<int> DeliverDue(CancellationToken cancel)
    {
        var accepted = 0;
        while (!faults.Plan.WebhooksDown)
        {
            var due = await Due(cancel);
            if (due.Count == 0) break;
            foreach (var (id, type) in due)
            {
                if (await Do(id, type, cancel)) accepted++;
            }
        }
        return accepted;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The portal must listen before it can be called.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = LookAgain;
            try
            {
                await DeliverDue(stoppingToken);
                wait = await UntilNext(stoppingToken);
            }
            catch (Exception error) when (error is DbException or DbUpdateException || error.InnerException is DbException)
            {
                // A database that is away for a while must not end the sender.
                Log.Postponed(logger, error);
            }
            await Wait(wait, stoppingToken);
        }
    }

    public override void Dispose()
    {
        wake.Dispose();
        base.Dispose();
    }

    private async Task<TimeSpan> UntilNext(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var next = await db.SandboxObjects.Where(o => o.DueAt != null).MinAsync(o => o.DueAt, cancel);
        var wait = next + TimeSpan.FromSeconds(faults.Plan.DelaySeconds) - time.GetUtcNow() ?? LookAgain;
        return wait < Shortest ? Shortest : wait < LookAgain ? wait : LookAgain;
    }

    private async Task Wait(TimeSpan wait, CancellationToken cancel)
    {
        using var timer = new CancellationTokenSource(wait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancel);
        try
        {
            await wake.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
        }
    }

    private async Task<List<(string Id, string Type)>> Due(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var now = time.GetUtcNow();
        var sentBefore = now.AddSeconds(-faults.Plan.DelaySeconds);
        var due = db.SandboxObjects.Where(o => o.DueAt <= now && (o.Type != SandboxWork.EventType || o.CreatedAt <= sentBefore));
        var ordered = faults.Plan.Reorder ? due.OrderByDescending(o => o.Sequence) : due.OrderBy(o => o.Sequence);
        var rows = await ordered.Select(o => new { o.Id, o.Type }).Take(BatchMax).ToListAsync(cancel);
        return rows.Select(r => (r.Id, r.Type)).ToList();
    }

    private async Task<bool> Do(string id, string type, CancellationToken cancel)
    {
        try
        {
            if (type == SandboxWork.EventType) return await Send(id, cancel);
            await using var work = new SandboxWork(await databases.CreateDbContextAsync(cancel), time, Ids.New("req", 14), null);
            if (await work.Find(type, id, cancel) is not { } json) return false;
            if (type == Resources.Refunds.Type) await Resources.Refunds.Settle(work, json, cancel);
            else if (type == CheckoutSessions.Type) await CheckoutSessions.Expire(work, json, cancel);
            else work.Remove(json);
            await work.Save(cancel);
        }
        catch (DbUpdateConcurrencyException)
        {
            // Another node, or a request, was faster; what is still due then is seen again.
        }
        return false;
    }

    private async Task<bool> Send(string id, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var row = await db.SandboxObjects.SingleAsync(o => o.Id == id, cancel);
        if (row.DueAt is null || row.DueAt > time.GetUtcNow()) return false;
        row.DueAt = time.GetUtcNow() + Lease;
        row.Version++;
        await db.SaveChangesAsync(cancel);

        var accepted = faults.Plan.LoseWebhooks;
        for (var copies = faults.Plan.LoseWebhooks ? -1 : faults.Plan.Duplicates; copies >= 0; copies--) accepted = await Post(row.Json, id, cancel);
        row.Attempts++;
        row.DueAt = accepted || row.Attempts > RetryAfter.Length ? null : time.GetUtcNow() + RetryAfter[row.Attempts - 1];
        if (accepted)
        {
            var json = JsonNode.Parse(row.Json)!.AsObject();
            json["pending_webhooks"] = 0;
            row.Json = json.ToJsonString();
        }
        row.Version++;
        await db.SaveChangesAsync(cancel);
        return accepted;
    }

    private async Task<bool> Post(string json, string id, CancellationToken cancel)
    {
        var body = Encoding.UTF8.GetBytes(json);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(own.Get(), WebhookEndpoint.Path)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json") { CharSet = "utf-8" };
        request.Headers.TryAddWithoutValidation(StripeSignature.Header, StripeSignature.Sign(options.Value.WebhookSecret, body, time.GetUtcNow()));
        try
        {
            using var client = clients.CreateClient(ClientName);
            using var response = await client.SendAsync(request, cancel);
            if (!response.IsSuccessStatusCode) Log.NotAccepted(logger, id, (int)response.StatusCode);
            return response.IsSuccessStatusCode;
        }
        catch (Exception error) when (error is HttpRequestException || (error is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            Log.NotReached(logger, id, error.Message);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Sandbox webhook {EventId} was answered with {Status}; it is sent again later")]
        public static partial void NotAccepted(ILogger logger, string eventId, int status);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Sandbox webhook {EventId} did not arrive and is sent again later: {Reason}")]
        public static partial void NotReached(ILogger logger, string eventId, string reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The sandbox could not store what it sent; it looks again shortly")]
        public static partial void Postponed(ILogger logger, Exception error);
    }
}
