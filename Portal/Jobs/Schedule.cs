using Portal.Accounts.Mail;
using Portal.Accounts.Members;
using Portal.Accounts.SignIn;
using Portal.Accounts.Trials;
using Portal.Billing.PriceChanges;
using Portal.Billing.Ledger;
using Portal.Billing.OnAccount;
using Portal.Billing.Pools;
using Portal.Billing.Subscriptions.Renewals;
using Portal.Payments;
using Portal.Payments.AutoTopUps;
using Portal.Payments.Cards;
using Portal.Payments.Comparison;
using Portal.Payments.Disputes;
using Portal.Payments.Mail;
using Portal.Payments.Refunds;
using Portal.Prompts.Batches.Files;
using Portal.Prompts.Cache;
using Portal.Prompts.Routing.Canaries;
using Portal.Support.Audit;
using Portal.Support.Permissions;
using Portal.Usage.Alerts;

namespace Portal.Jobs;

/// <summary>Every job, in the order of the jobs page. Each is one call into the folder that knows how.</summary>
public static class Schedule
{
    public static IReadOnlyList<JobEntry> Jobs { get; } =
    [
        new("renew-subscriptions", TimeSpan.FromMinutes(15), async (services, cancel) =>
        {
            var done = await services.GetRequiredService<RenewalRun>().Run(cancel);
            await services.GetRequiredService<RenewalCharges>().Run(cancel);
            return done is { Renewed: 0, PastDue: 0, Ended: 0 } ? null : $"{done.Renewed} / {done.PastDue} / {done.Ended}";
        }) { ByTheClock = true },
        new("charge-pools", TimeSpan.FromMinutes(15), async (services, cancel) =>
            Count(await services.GetRequiredService<PoolRun>().Run(cancel))) { ByTheClock = true },
        new("write-statements", TimeSpan.FromHours(1), async (services, cancel) =>
            Count(await services.GetRequiredService<OnAccountRun>().Run(cancel))) { ByTheClock = true },
        new("move-subscribers", TimeSpan.FromMinutes(5), async (services, cancel) =>
            Count(await services.GetRequiredService<PlanMoveRun>().Run(cancel))) { ByTheClock = true },
        new("charge-cards-for-renewals", TimeSpan.FromMinutes(1), async (services, cancel) =>
            Count(await services.GetRequiredService<RenewalCharges>().Run(cancel))) { ByTheClock = true },
        new("expire", TimeSpan.FromMinutes(1), async (services, cancel) =>
        {
            var (holds, wallets) = await services.GetRequiredService<ExpiryRun>().Run(cancel);
            var lapsed = await services.GetRequiredService<RefundApprovals>().Lapse(cancel);
            return Count(holds + wallets + lapsed + await services.GetRequiredService<RemovedSeats>().Empty(cancel) + await services.GetRequiredService<TrialCredit>().DecideLeftovers(cancel));
        }) { ByTheClock = true },
        new("raise-alerts", TimeSpan.FromMinutes(1), async (services, cancel) =>
            Count(await services.GetRequiredService<AlertRun>().Run(cancel) + await services.GetRequiredService<DisputeAlerts>().Run(cancel))),
        new("send-mail", TimeSpan.FromSeconds(15), async (services, cancel) =>
            Count(await services.GetRequiredService<OutboxSender>().Send(cancel))),
        new("seal-audit", TimeSpan.FromSeconds(15), async (services, cancel) =>
            Count(await services.GetRequiredService<AuditSealer>().Seal(cancel))),
        new("process-webhooks", TimeSpan.FromMinutes(1), async (services, cancel) =>
            Count(await services.GetRequiredService<WebhookProcessor>().ProcessLeftovers(cancel))),
        new("reconcile-payments", TimeSpan.FromMinutes(1), async (services, cancel) =>
            Count(await services.GetRequiredService<Reconciler>().Reconcile(cancel) + await services.GetRequiredService<CardDesk>().DetachRemoved(cancel))),
        new("auto-top-up", TimeSpan.FromSeconds(5), async (services, cancel) =>
            Count(await services.GetRequiredService<AutoTopUpRun>().Run(cancel) + await services.GetRequiredService<PaymentLetters>().Write(cancel))),
        new("warn-of-expiring-cards", TimeSpan.FromDays(1), async (services, cancel) =>
            Count(await services.GetRequiredService<CardLetters>().Write(cancel))),
        new("find-lost-events", TimeSpan.FromHours(1), async (services, cancel) =>
            Count(await services.GetRequiredService<Reconciler>().CatchUp(cancel))),
        new("compare-with-gateway", TimeSpan.FromDays(1), async (services, cancel) =>
        {
            var compared = await services.GetRequiredService<GatewayComparer>().Run(cancel) ?? throw new IOException("The gateway did not answer.");
            return Count(compared.Mended + compared.Differences.Count);
        }),
        new("watch-canaries", TimeSpan.FromMinutes(1), async (services, cancel) =>
            Count(await services.GetRequiredService<CanaryRun>().Run(cancel))),
        new("report-permissions", TimeSpan.FromDays(1), async (services, cancel) =>
            Count(await services.GetRequiredService<PermissionReporter>().Write(cancel))),
        new("prune-sign-ins", TimeSpan.FromDays(1), async (services, cancel) =>
            Count(await services.GetRequiredService<SignInLog>().Prune(cancel))),
        new("prune-idempotency-keys", TimeSpan.FromDays(1), async (services, cancel) =>
            Count(await services.GetRequiredService<IdempotencyPruner>().Prune(cancel))),
        new("prune-files", TimeSpan.FromHours(1), async (services, cancel) =>
            Count(await services.GetRequiredService<FileDesk>().Prune(cancel) + await services.GetRequiredService<AnswerCache>().Prune(cancel))),
    ];

    public static JobEntry? Find(string name) => Jobs.FirstOrDefault(job => job.Name == name);

    private static string? Count(int done) => done == 0 ? null : $"{done}";
}
