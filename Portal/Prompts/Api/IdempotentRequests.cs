using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Prompts.Answers;
using Portal.Prompts.Requests;

namespace Portal.Prompts.Api;

/// <summary>
/// Recognises a request that was sent before under the same <c>Idempotency-Key</c>. The hold's id is made from the key, so that the ledger itself
/// lets only one of them run; what was delivered is stored with its charge.
/// </summary>
public sealed class IdempotentRequests(IDbContextFactory<PortalDb> databases, TimeProvider clock)
{
    public const int KeyMax = 255;

    /// <summary>How often a request may be sent under one key while no try of it is charged.</summary>
    public const int TriesMax = 1000;

    /// <summary>Told behind the part of an answer that there is, and where nothing of it is kept.</summary>
    public static readonly Refusal BrokenOff = new("idempotency.broken-off");

    /// <param name="HoldId">Also the id that the response is known by.</param>
    /// <param name="Stored">The first answer, when there is one: send it again, run nothing.</param>
    public sealed record Ticket(Guid HoldId, ReplyKey? Keep, PromptReply? Stored)
    {
        /// <summary>Why the caller's key may not have the stored answer: another key of the same member may have asked for it. Null: it may.</summary>
        public Refusal? WhyNotAgain(Caller caller, PromptRequest request) =>
            Stored is { } stored && caller.KeyRights is { } rights && !rights.AllowsModel(request.Asked) && !rights.AllowsModel(stored.Model ?? request.Asked) ? new Refusal("key.model", request.Model) : null;
    }

    /// <summary>Without the header every request is a new one.</summary>
    public async Task<Outcome<Ticket>> Begin(HttpContext http, Caller caller, byte[] body)
    {
        var begun = await Recognise(http, caller, body);
        if (begun.IsDone(out _, out var ticket))
        {
            http.Response.Headers[ApiErrors.RequestId] = ticket.HoldId.ToString();
        }

        return begun;
    }

    private async Task<Outcome<Ticket>> Recognise(HttpContext http, Caller caller, byte[] body)
    {
        var key = http.Request.Headers["Idempotency-Key"].ToString();
        if (key.Length == 0)
        {
            return new Ticket(Guid.CreateVersion7(clock.GetUtcNow()), null, null);
        }

        if (key.Length > KeyMax)
        {
            return new Refusal("api.idempotency-key");
        }

        var scope = $"{caller.MembershipId:N}:{key}";
        var hash = Convert.ToHexString(SHA256.HashData([.. Encoding.UTF8.GetBytes(http.Request.Path + "\n"), .. body]));
        var keep = new ReplyKey("prompt:" + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(scope))), hash);
        await using var db = databases.CreateDbContext();
        var answers = db.IdempotencyRecords.AsNoTracking().Where(r => r.WalletId == caller.AccountId && r.Key == keep.Key);
        var stored = await answers.FirstOrDefaultAsync(http.RequestAborted);
        if (stored is null)
        {
            var next = await HoldTries.Next(db, number => IdOf(scope, number), http.RequestAborted);
            if (next.State != HoldState.Posted)
            {
                return next.Number < TriesMax ? new Ticket(next.Id, keep, null) : new Refusal("idempotency.tries", TriesMax.ToString(CultureInfo.InvariantCulture));
            }

            // It may have ended since the first look.
            stored = await answers.FirstOrDefaultAsync(http.RequestAborted);
            if (stored is null)
            {
                return BrokenOff;
            }
        }

        return stored.RequestHash == hash && JsonSerializer.Deserialize<PromptReply>(stored.Outcome) is { } reply
            ? new Ticket(reply.Id, null, reply)
            : new Refusal("idempotency.mismatch");
    }

    /// <summary>Of a key's tries: such a request may be sent again as long as each was released without a charge.</summary>
    internal static Guid IdOf(string scope, int number) => new(SHA256.HashData(Encoding.UTF8.GetBytes($"{scope}:{number}")).AsSpan(0, 16));
}
