namespace Portal.Billing.Verification;

/// <summary>How late the jobs may be before their backlog counts as an error.</summary>
/// <param name="Sweep">For what runs every minute: abandoned holds, webhook events and the audit's seals.</param>
/// <param name="Outbox">For mails, which wait out a mail server's bad hour.</param>
public sealed record VerifierLimits(TimeSpan Sweep, TimeSpan Outbox)
{
    public static readonly VerifierLimits Default = new(TimeSpan.FromMinutes(5), TimeSpan.FromHours(1));
}
