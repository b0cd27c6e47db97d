using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Payments;

namespace Portal.Billing.Points;

/// <summary>What can be done once for points, and how it is known that it was done.</summary>
public static class PointTasks
{
    public const string FirstTopUp = "first-top-up";
    public const string FirstPrompt = "first-prompt";
    public const string FirstApiKey = "first-api-key";
    public const string Education = "education";

    public static IReadOnlyList<string> All { get; } = [FirstTopUp, FirstPrompt, FirstApiKey, Education];

    /// <summary>The tasks that the account has done.</summary>
    /// <param name="paidBefore">A top-up counts once its customer cannot refund it alone any more.</param>
    internal static async Task<IReadOnlySet<string>> Done(PortalDb db, Guid accountId, DateTimeOffset paidBefore, CancellationToken cancel)
    {
        var done = await db.Accounts.AsNoTracking().Where(a => a.Id == accountId).Select(a => new
        {
            TopUp = db.Payments.Any(p => p.AccountId == accountId && p.Status == PaymentStatus.Succeeded && p.Purpose != PaymentPurpose.Renewal
                && p.RefundedNanos == 0 && p.SucceededAt < paidBefore),
            Prompt = db.UsageHours.Any(h => h.AccountId == accountId),
            Key = db.ApiKeys.Any(k => k.AccountId == accountId),
            a.Education,
        }).FirstAsync(cancel);
        (string Key, bool Done)[] all = [(FirstTopUp, done.TopUp), (FirstPrompt, done.Prompt), (FirstApiKey, done.Key), (Education, done.Education)];
        return all.Where(t => t.Done).Select(t => t.Key).ToHashSet(StringComparer.Ordinal);
    }
}
