using System.Globalization;

namespace Portal.Support.Audit;

/// <summary>The audit as CSV, oldest first. With its hashes, so that a copy kept elsewhere proves what stood here.</summary>
public sealed class AuditExport(AuditLog log)
{
    private static readonly string[] Columns =
        ["number", "time", "person", "action", "account", "account_name", "subject", "detail", "before", "after", "reason", "hash"];

    /// <param name="target">Stays open. Nothing is written when it is refused.</param>
    public async Task<Outcome<Done>> Write(Caller caller, AuditFilter filter, Stream target, CancellationToken cancel = default)
    {
        if (caller.WhyNotSee(Right.Administer) is { } no) return no;
        await using var csv = new Csv(target, Columns);
        return await log.Each(caller, filter, line => csv.Row(
            cancel, line.Sequence, line.At.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffffzzz", CultureInfo.InvariantCulture), line.Person, line.Action, line.AccountId,
            line.Account, line.Subject, line.Detail, line.Before, line.After, line.Reason, line.Hash), cancel);
    }
}
