using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Data.Support;

namespace Portal.Billing.Pools;

/// <summary>
/// Makes pools, and lets members agree to them or leave. Nothing is charged before everybody has agreed; the last to agree starts the first period.
/// </summary>
public sealed class PoolDesk(LedgerWriter ledger, PoolLetters letters)
{
    public const int MembersMost = 20;
    public const int NameLengthMax = 80;

    private const int MembersLeast = 2;
    private const int Decimals = 2;
    private static readonly Money MonthlyMost = Money.FromAmount(10_000_000);

    /// <summary>For administrators: invites the members.</summary>
    public async Task<Outcome<Done>> Make(Caller caller, NewPool pool, CancellationToken cancel = default) => caller.WhyNot(Right.Administer) is { } no ? no : await ledger.Run<Done>(
        async transaction =>
        {
            var db = transaction.Db;
            if (await db.ComputePools.AnyAsync(p => p.Id == pool.Id, cancel))
            {
                return default(Done);
            }

            if (!Read(pool).IsDone(out var refusal, out var read))
            {
                return refusal;
            }

            var row = new ComputePool
            {
                Id = pool.Id, Name = pool.Name.Trim(), MonthlyNanos = read.Monthly.Nanos, CreatedBy = caller.PersonId, CreatedAt = transaction.Now,
            };
            for (var i = 0; i < pool.Members.Count; i++)
            {
                if (await AccountOf(db, pool.Members[i].Email, cancel) is not { } account)
                {
                    return new Refusal("pool.unknown", pool.Members[i].Email.Trim());
                }

                if (row.Members.Exists(m => m.AccountId == account))
                {
                    return new Refusal("pool.twice", pool.Members[i].Email.Trim());
                }

                row.Members.Add(new ComputePoolMember { PoolId = row.Id, AccountId = account, Number = i + 1, SharePercent = read.Percents[i] });
            }

            db.ComputePools.Add(row);
            await letters.Invite(transaction, row, cancel);
            Audit(transaction, caller, row, "pool.made", $"{row.Name}, {read.Monthly.ToTwoDecimals()} a month: {string.Join(", ", pool.Members.Select(m => $"{m.Email.Trim()} {m.Percent.Trim()} %"))}");
            return default(Done);
        },
        cancel);

    /// <summary>Agrees to carry the account's share. The last agreement charges the first period, or pauses the pool when somebody cannot pay.</summary>
    public Task<Outcome<Done>> Accept(Caller caller, Guid poolId, CancellationToken cancel = default) => Change(caller, poolId, async (transaction, pool) =>
    {
        var member = pool.Members.First(m => m.AccountId == caller.AccountId);
        if (pool.State != ComputePoolState.Forming)
        {
            return new Refusal("pool.over");
        }

        if (member.AcceptedAt is null)
        {
            (member.AcceptedAt, member.AcceptedBy) = (transaction.Now, caller.PersonId);
            Audit(transaction, caller, pool, "pool.accepted", $"{member.SharePercent.ToString("0.##", CultureInfo.InvariantCulture)} %");
        }

        if (pool.Members.TrueForAll(m => m.AcceptedAt is not null) && !await PoolPeriods.Open(transaction, pool, cancel))
        {
            await PoolRun.Pause(transaction, pool, letters, cancel);
        }

        return default(Done);
    }, cancel);

    /// <summary>Declines, or leaves. The shares of the others then do not make up the cost: what has not begun ends, what runs ends with its period.</summary>
    public Task<Outcome<Done>> Leave(Caller caller, Guid poolId, CancellationToken cancel = default) =>
        Change(caller, poolId, (transaction, pool) => End(transaction, caller, pool, "pool.left", cancel), cancel);

    /// <summary>For administrators: as when a member leaves.</summary>
    public async Task<Outcome<Done>> End(Caller caller, Guid poolId, CancellationToken cancel = default) => caller.WhyNot(Right.Administer) is { } no ? no : await ledger.Run<Done>(
        async transaction => await PoolPeriods.Lock(transaction, poolId, cancel) is not { } pool
            ? Refusal.NotFound
            : await End(transaction, caller, pool, "pool.ended", cancel),
        cancel);

    private async Task<Outcome<Done>> Change(Caller caller, Guid poolId, Func<LedgerTransaction, ComputePool, Task<Outcome<Done>>> change, CancellationToken cancel) => caller.WhyNot(Right.ManageBilling) is { } no ? no : await ledger.Run<Done>(
        async transaction =>
        {
            var pool = await PoolPeriods.Lock(transaction, poolId, cancel);
            return pool?.Members.Exists(m => m.AccountId == caller.AccountId) == true ? await change(transaction, pool) : Refusal.NotFound;
        },
        cancel);

    private async Task<Outcome<Done>> End(LedgerTransaction transaction, Caller caller, ComputePool pool, string deed, CancellationToken cancel)
    {
        if (pool.State == ComputePoolState.Ended || pool.Ending)
        {
            return default(Done);
        }

        Audit(transaction, caller, pool, deed, pool.Name);
        pool.Ending = true;
        if (pool.State != ComputePoolState.Running)
        {
            await PoolRun.End(transaction, pool, letters, cancel);
        }

        return default(Done);
    }

    private static Outcome<(Money Monthly, List<decimal> Percents)> Read(NewPool pool)
    {
        if (pool.Id == Guid.Empty || pool.Name.Trim().Length is 0 or > NameLengthMax || pool.Name.Any(char.IsControl))
        {
            return new Refusal("pool.name", $"{NameLengthMax}");
        }

        if (Number(pool.Monthly) is not { } monthly || monthly <= 0 || monthly > MonthlyMost.Amount)
        {
            return new Refusal("pool.cost", MonthlyMost.ToTwoDecimals());
        }

        if (pool.Members.Count is < MembersLeast or > MembersMost)
        {
            return new Refusal("pool.members", $"{MembersLeast}", $"{MembersMost}");
        }

        var percents = pool.Members.Select(m => Number(m.Percent) ?? 0).ToList();
        return percents.Exists(p => p <= 0) || percents.Sum() != PoolShares.Whole ? new Refusal("pool.shares") : (Money.FromAmount(monthly), percents);
    }

    /// <returns>Null when it is no number of at most two decimals.</returns>
    private static decimal? Number(string typed) =>
        decimal.TryParse(typed.Normalize(NormalizationForm.FormKC).Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && decimal.Round(number, Decimals) == number
            ? number
            : null;

    private static async Task<Guid?> AccountOf(PortalDb db, string email, CancellationToken cancel)
    {
        var name = email.Trim().ToUpperInvariant();
        var owned = await db.Memberships.AsNoTracking().Where(m => m.Person.NormalizedEmail == name && m.Role == MemberRole.Owner && m.RemovedAt == null)
            .Select(m => new { m.AccountId, m.Account.Kind }).ToListAsync(cancel);
        var organisations = owned.FindAll(o => o.Kind == AccountKind.Organisation);
        return organisations is [var only] ? only.AccountId : owned.Find(o => o.Kind == AccountKind.Personal)?.AccountId;
    }

    private static void Audit(LedgerTransaction transaction, Caller caller, ComputePool pool, string action, string detail) => transaction.Db.AuditEntries.Add(new AuditEntry
    {
        At = transaction.Now, PersonId = caller.PersonId, AccountId = caller.AccountId, Action = action, Subject = $"{pool.Id}", Detail = detail,
    });
}
