using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Data.Support;

namespace Portal.Accounts.Trials;

/// <summary>
/// Credit to try things out, for who registers and confirms the address: once a mailbox, and as often a browser, a network and a day as the operator
/// allows. What was decided is decided.
/// </summary>
public sealed class TrialCredit(
    LedgerWriter ledger, IDbContextFactory<PortalDb> databases, TrialKeys keys, IOptions<TrialOptions> options, TimeProvider clock, ILogger<TrialCredit> logger)
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>What a registration is remembered by; saved when its address is confirmed.</summary>
    /// <returns>Null while there is no trial: then nothing is remembered.</returns>
    public async Task<TrialClaim?> Claim(Person person, TrialSignals signals, CancellationToken cancel = default) => !options.Value.On
        ? null
        : new TrialClaim
        {
            PersonId = person.Id,
            MailboxKey = await keys.Of("mailbox", Mailbox.Of(person.Email!), cancel),
            DeviceKey = signals.Device is { } device ? await keys.Of("device", device, cancel) : null,
            NetworkKey = signals.Network is { } network ? await keys.Of("network", network, cancel) : null,
            RegisteredAt = clock.GetUtcNow(),
        };

    /// <summary>Grants the credit of a confirmed person, or decides that there is none. Asked again, it says the same.</summary>
    /// <returns>Null: this registration has nothing to do with a trial.</returns>
    public async Task<TrialOutcome?> Decide(Guid personId, CancellationToken cancel = default)
    {
        var decided = await ledger.Run<TrialOutcome?>(async transaction =>
        {
            var db = transaction.Db;

            // One after another, on every node: who comes second sees what the first was given.
            await db.StoredSecrets.Where(s => s.Name == TrialKeys.KeyName).ExecuteUpdateAsync(set => set.SetProperty(s => s.CreatedAt, s => s.CreatedAt), cancel);
            var claim = await db.TrialClaims.FirstOrDefaultAsync(c => c.PersonId == personId && db.Users.Any(p => p.Id == personId && p.EmailConfirmed), cancel);
            if (claim is null || (claim.DecidedAt is null && !options.Value.On))
            {
                return (TrialOutcome?)null;
            }

            if (claim.DecidedAt is null)
            {
                await Decide(transaction, claim, cancel);
            }

            return new TrialOutcome(new Money(claim.GrantedNanos), claim.ExpiresAt, claim.Reason);
        }, cancel);
        return decided.Value;
    }

    /// <summary>Decides what was confirmed and not decided, as when the portal stopped in between.</summary>
    /// <returns>How many.</returns>
    public async Task<int> DecideLeftovers(CancellationToken cancel = default)
    {
        if (!options.Value.On)
        {
            return 0;
        }

        List<Guid> left;
        var before = clock.GetUtcNow() - TimeSpan.FromMinutes(1);
        await using (var db = databases.CreateDbContext())
        {
            left = await db.TrialClaims.AsNoTracking().Where(c => c.DecidedAt == null && c.RegisteredAt < before && db.Users.Any(p => p.Id == c.PersonId && p.EmailConfirmed))
                .Select(c => c.PersonId).ToListAsync(cancel);
        }

        return await EachAlone.Run(left, logger, async person => await Decide(person, cancel) is not null, cancel);
    }

    private async Task Decide(LedgerTransaction transaction, TrialClaim claim, CancellationToken cancel)
    {
        var (db, now) = (transaction.Db, transaction.Now);
        var account = await db.Memberships.Where(m => m.PersonId == claim.PersonId && m.Account.Kind == AccountKind.Personal && m.RemovedAt == null)
            .Select(m => m.AccountId).FirstAsync(cancel);
        claim.DecidedAt = now;
        claim.Reason = await WhyNot(db, claim, now, cancel);
        if (claim.Reason is null)
        {
            claim.GrantedNanos = Money.FromAmount(options.Value.Amount!.Value).Nanos;
            claim.ExpiresAt = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds()).AddDays(options.Value.Days);
            claim.AccountId = account;
            var credit = new AccountRef(LedgerCodes.CreditGranted, Unit.Money, claim.PersonId, claim.ExpiresAt);
            var leg = new Leg(new AccountRef(LedgerCodes.Issued, Unit.Money), credit, claim.GrantedNanos, TransferCodes.Trial);
            _ = (await transaction.Apply(new Move(account, $"trial:{claim.PersonId:N}", $"{claim.PersonId:N}", [leg]), cancel)).Value;
        }

        db.AuditEntries.Add(new AuditEntry
        {
            At = now, PersonId = claim.PersonId, AccountId = account, Action = claim.Reason is null ? "trial.granted" : "trial.refused", Subject = $"{claim.PersonId}",
            Detail = claim.Reason ?? $"{new Money(claim.GrantedNanos).ToTwoDecimals()} → {claim.ExpiresAt:yyyy-MM-dd}",
        });
    }

    private async Task<string?> WhyNot(PortalDb db, TrialClaim claim, DateTimeOffset now, CancellationToken cancel)
    {
        var (granted, since, most) = (db.TrialClaims.Where(c => c.GrantedNanos > 0), now - Day, options.Value);
        return await granted.AnyAsync(c => c.MailboxKey == claim.MailboxKey, cancel) ? "mailbox"
            : claim.DeviceKey is { } device && await granted.CountAsync(c => c.DeviceKey == device, cancel) >= most.PerDevice ? "device"
            : claim.NetworkKey is { } network && await granted.CountAsync(c => c.NetworkKey == network && c.DecidedAt > since, cancel) >= most.PerNetworkDay ? "network"
            : await granted.CountAsync(c => c.DecidedAt > since, cancel) >= most.PerDay ? "day" : null;
    }
}
