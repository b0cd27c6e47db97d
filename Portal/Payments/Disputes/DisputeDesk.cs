using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Data.Payments;
using Portal.Data.Support;
using Portal.Payments.Changes;
using Portal.Payments.Gateway;
using Portal.Payments.Gateway.Objects;

namespace Portal.Payments.Disputes;

/// <summary>Disputes that are open, and what the staff answer the bank.</summary>
public sealed class DisputeDesk(LedgerWriter ledger, IDbContextFactory<PortalDb> databases, StripeGateway gateway, TimeProvider time)
{
    private const int ListMax = 100;

    /// <returns>What is open, what is due first on top.</returns>
    public async Task<Outcome<IReadOnlyList<DisputeView>>> List(Caller staff, CancellationToken cancel = default)
    {
        if (staff.WhyNotSee(Right.Serve) is { } no) return no;
        await using var db = await databases.CreateDbContextAsync(cancel);
        var rows = await db.Disputes.AsNoTracking().Where(d => d.Status == DisputeStatus.NeedsResponse || d.Status == DisputeStatus.UnderReview)
            .OrderBy(d => d.Status).ThenBy(d => d.DueAt).ThenBy(d => d.Id).Take(ListMax)
            .Select(d => new { Dispute = d, Account = db.Accounts.Where(a => a.Id == d.AccountId).Select(a => a.Name).First() }).ToListAsync(cancel);
        var now = time.GetUtcNow();
        return rows.ConvertAll(r => DisputeView.Of(r.Dispute, r.Account, now, staff: true));
    }

    /// <summary>Sends evidence to the bank. An answer that is lost may be sent again: the gateway takes the same words once.</summary>
    public async Task<Outcome<DisputeView>> Answer(Caller staff, string disputeId, string evidence, CancellationToken cancel = default)
    {
        if (staff.WhyNot(Right.Serve) is { } no) return no;
        evidence = PlainText.Of(evidence);
        if (evidence.Length is 0 or > Dispute.EvidenceLengthMax) return new Refusal("dispute.evidence", $"{Dispute.EvidenceLengthMax}");
        await using (var db = await databases.CreateDbContextAsync(cancel))
        {
            if (await db.Disputes.AsNoTracking().FirstOrDefaultAsync(d => d.Id == disputeId, cancel) is not { } dispute) return Refusal.NotFound;
            if (dispute.ClosedAt is not null) return new Refusal("dispute.closed");
            if (dispute.DueAt <= time.GetUtcNow()) return new Refusal("dispute.late");
        }

        // From here on closing the page changes nothing: the bank has it or it has not.
        return await gateway.AnswerDispute(disputeId, evidence, CancellationToken.None) switch
        {
            GatewayAnswer<GatewayDispute>.Done done => await Write(staff, done.Value, evidence),
            GatewayAnswer<GatewayDispute>.Unknown => new Refusal("dispute.unreachable"),
            _ => new Refusal("dispute.refused"),
        };
    }

    private async Task<Outcome<DisputeView>> Write(Caller staff, GatewayDispute told, string evidence) => await ledger.Run<DisputeView>(async transaction =>
    {
        var db = transaction.Db;
        var account = await db.Disputes.Where(d => d.Id == told.Id).Select(d => d.AccountId).SingleAsync();
        await transaction.Lock(account);
        var dispute = await db.Disputes.SingleAsync(d => d.Id == told.Id);
        var before = dispute.Status;
        if (await PaymentRecorder.Apply(transaction, account, dispute.PaymentId, PaymentChange.Disputed.Of(told), CancellationToken.None) is { } problem)
            throw new InvalidOperationException($"dispute {told.Id}: {problem}");
        (dispute.Evidence, dispute.EvidenceAt, dispute.EvidenceById) = (evidence, transaction.Now, staff.PersonId);
        db.AuditEntries.Add(new AuditEntry
        {
            At = transaction.Now, PersonId = staff.PersonId, AccountId = account, Action = "dispute.answered", Subject = told.Id,
            Detail = new Money(dispute.AmountNanos).ToTwoDecimals(), Before = $"{before}", After = $"{dispute.Status}",
            Reason = evidence,
        });
        return DisputeView.Of(dispute, "", transaction.Now, staff: true);
    }, CancellationToken.None);
}
