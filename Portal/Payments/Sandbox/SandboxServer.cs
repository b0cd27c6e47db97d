using Portal.Payments.Gateway;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Data;
using Portal.Payments.Sandbox.Delivery;
using Portal.Payments.Sandbox.Wire;

namespace Portal.Payments.Sandbox;

/// <summary>
/// Runs API calls as Stripe does: key, idempotency, one commit per call. Two calls that touch the same objects are told apart by the objects'
/// versions; the slower one runs again on what the faster one left.
/// </summary>
public sealed class SandboxServer(
    IDbContextFactory<PortalDb> databases, IOptions<PaymentOptions> options, SandboxFaults faults, WebhookSender sender, TimeProvider time)
{
    private const string KeyType = "idempotency_key";
    private const int TriesMax = 8;
    private static readonly TimeSpan KeyLifetime = TimeSpan.FromHours(24);

    public async Task Handle(HttpContext http, Func<SandboxCall, Task<SandboxAnswer>> resource)
    {
        var cancel = http.RequestAborted;
        var requestId = Ids.New("req", 14);
        http.Response.Headers["Request-Id"] = requestId;
        http.Response.Headers["Stripe-Version"] = http.Request.Headers["Stripe-Version"].FirstOrDefault() ?? StripeApi.Version;
        if (Refusal(http.Request) is { } error)
        {
            await Write(http, error.Status, error.ToJson().ToJsonString());
            return;
        }
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync(cancel);
        var key = HttpMethods.IsPost(http.Request.Method) ? http.Request.Headers["Idempotency-Key"].FirstOrDefault() : null;
        var (status, text) = await Answer(http, body, key, requestId, resource);

        // The fault of a lost answer: what was asked for happened, and the caller cannot know.
        if (faults.LosesThisAnswer()) http.Abort();
        else await Write(http, status, text);
    }

    /// <summary>Runs <paramref name="change"/> and commits, again when another request was faster.</summary>
    public async Task<T> RunAsync<T>(Func<SandboxWork, Task<T>> change, CancellationToken cancel)
    {
        for (var tries = 1; ; tries++)
        {
            await using var work = new SandboxWork(await databases.CreateDbContextAsync(cancel), time, Ids.New("req", 14), null);
            try
            {
                var result = await change(work);
                await work.Save(cancel);
                if (work.HasNewEvents) sender.Wake();
                return result;
            }
            catch (DbUpdateException) when (tries < TriesMax)
            {
            }
        }
    }

    private async Task<(int Status, string Text)> Answer(
        HttpContext http, string body, string? key, string requestId, Func<SandboxCall, Task<SandboxAnswer>> resource)
    {
        var cancel = http.RequestAborted;
        for (var tries = 1; tries <= TriesMax; tries++)
        {
            await using var work = new SandboxWork(await databases.CreateDbContextAsync(cancel), time, requestId, key);
            var keyId = key is null ? null : KeyType + ":" + Hash(key);
            var request = Hash($"{http.Request.Method} {http.Request.Path}\n{body}");
            var first = keyId is null ? null : await work.Find(KeyType, keyId, cancel);
            if (first is not null && work.UnixNow < Json.Long(first, "expires")) return Replay(http, first, request, key!);

            var form = await StripeForm.Read(http.Request, body);
            var expand = form.Texts("expand");
            var id = http.GetRouteValue("id") as string ?? "";
            var answer = await resource(new SandboxCall(work, form, id, $"{http.Request.Scheme}://{http.Request.Host}", cancel));
            if (answer.Status == 200 && expand.Count > 0) answer = await Expansion.Apply(work, answer.Body, expand, cancel);
            var text = answer.Body.ToJsonString();
            if (!answer.Keep || HttpMethods.IsGet(http.Request.Method)) return (answer.Status, text);
            if (keyId is not null) Remember(work, first ?? work.Add(new JsonObject { ["id"] = keyId, ["object"] = KeyType }), request, answer.Status, text);
            try
            {
                await work.Save(cancel);
            }
            catch (DbUpdateException)
            {
                continue;
            }
            if (work.HasNewEvents) sender.Wake();
            return (answer.Status, text);
        }
        var busy = StripeError.Busy();
        return (busy.Status, busy.ToJson().ToJsonString());
    }

    private static (int Status, string Text) Replay(HttpContext http, JsonObject first, string request, string key)
    {
        if (Json.Text(first, "request") != request)
        {
            var error = StripeError.OtherBody(key);
            return (error.Status, error.ToJson().ToJsonString());
        }
        http.Response.Headers["Idempotent-Replayed"] = "true";
        http.Response.Headers["Original-Request"] = Json.Text(first, "request_id");
        return ((int)Json.Long(first, "status"), Json.Text(first, "body"));
    }

    /// <param name="stored">New, or one whose time is over: had another request stored it meanwhile, this one's commit fails.</param>
    private static void Remember(SandboxWork work, JsonObject stored, string request, int status, string body)
    {
        stored["request"] = request;
        stored["status"] = status;
        stored["body"] = body;
        stored["request_id"] = work.RequestId;
        stored["expires"] = (work.Now + KeyLifetime).ToUnixTimeSeconds();
        work.SetDue(stored, work.Now + KeyLifetime);
    }

    private StripeError? Refusal(HttpRequest request)
    {
        if (faults.ApiIsDown) return StripeError.Down();
        var header = request.Headers.Authorization.FirstOrDefault() ?? "";
        var given = header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header["Bearer ".Length..].Trim() : BasicUser(header);
        if (given.Length == 0) return StripeError.NoKey();
        var right = CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(options.Value.ApiKey));
        return right ? null : StripeError.WrongKey(given);
    }

    private static string BasicUser(string header)
    {
        if (!header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase)) return "";
        var buffer = new byte[header.Length];
        return Convert.TryFromBase64String(header["Basic ".Length..], buffer, out var length) ? Encoding.UTF8.GetString(buffer, 0, length).Split(':')[0] : "";
    }

    private static async Task Write(HttpContext http, int status, string text)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        http.Response.Headers.CacheControl = "no-cache, no-store";
        await http.Response.WriteAsync(text, http.RequestAborted);
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
