using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;

namespace Portal.Accounts.Members;

/// <summary>Members and their allocations, every figure the ledger's own.</summary>
public sealed class MemberReader(IDbContextFactory<PortalDb> databases, WalletReader wallets, TimeProvider clock)
{
    private const int HistoryMost = 200;

    public async Task<MembersView> Read(Caller caller, CancellationToken cancel = default)
    {
        var wallet = await wallets.Read(caller.AccountId, cancel);
        await using var db = databases.CreateDbContext();
        var memberships = await db.Memberships.AsNoTracking()
            .Where(m => m.AccountId == caller.AccountId && m.RemovedAt == null && (caller.ManagesBilling || m.Id == caller.MembershipId))
            .OrderByDescending(m => m.Role).ThenBy(m => m.Person.Email)
            .Select(m => new { Seat = m, m.Person.DisplayName, m.Person.Email, Came = m.AcceptedAt >= m.CreatedAt }).ToListAsync(cancel);
        var given = await SeatGrants.Read(db, caller.AccountId, caller.ManagesBilling ? null : caller.MembershipId, clock.GetUtcNow(), cancel);
        var owns = caller.Role == MemberRole.Owner;

        // Of whoever has not come nothing is told but the address that was invited: not whether it has an account here, and not its owner's name.
        var members = memberships.Select(m => new MemberView(
            m.Seat.Id, m.Came ? m.DisplayName : "", m.Email!, m.Seat.Role, m.Seat.CreatedAt, !m.Came, m.Seat.Id == caller.MembershipId,
            caller.ManagesBilling && (owns || m.Seat.Role == MemberRole.Member), Quotas(m.Seat.Id, wallet, given)));
        return new MembersView(
            caller.AccountName, caller.AccountKind, caller.ManagesBilling && caller.AccountKind == AccountKind.Organisation, owns,
            [.. members], caller.ManagesBilling ? Free(wallet) : []);
    }

    /// <summary>What was handed to a seat and taken from it, newest first; not what prompts used.</summary>
    /// <returns>Not found for a seat of another account, and for a member who asks about somebody else.</returns>
    public async Task<Outcome<List<SeatChange>>> History(Caller caller, Guid seat, CancellationToken cancel = default)
    {
        await using var db = databases.CreateDbContext();
        if (!await db.Memberships.AnyAsync(m => m.Id == seat && m.AccountId == caller.AccountId, cancel)
            || (!caller.ManagesBilling && seat != caller.MembershipId))
        {
            return Refusal.NotFound;
        }

        var rows = await BookedTransfer.History(db, caller.AccountId)
            .Where(t => t.Transfer.Code != TransferCodes.PlanExtended)
            .Where(t => (t.Debit.Code == LedgerCodes.Seat && t.Debit.SubjectId == seat) || (t.Credit.Code == LedgerCodes.Seat && t.Credit.SubjectId == seat))
            .OrderByDescending(t => t.Transfer.Id).Take(HistoryMost)
            .Select(t => new { t.Transfer.Id, t.Transfer.At, t.Transfer.Code, t.Transfer.Amount, t.Transfer.Reference, t.Debit.Unit, Given = t.Credit.Code == LedgerCodes.Seat, Credit = t.Credit.ExpiresAt, Debit = t.Debit.ExpiresAt })
            .ToListAsync(cancel);
        var actors = rows.Select(r => ActorOf(r.Reference)).OfType<Guid>().Distinct().ToList();
        var names = await db.Users.Where(p => actors.Contains(p.Id)).ToDictionaryAsync(p => p.Id, p => p.DisplayName == "" ? p.Email! : p.DisplayName, cancel);
        return rows.ConvertAll(r => new SeatChange(
            r.Id, r.At, r.Code, r.Unit, r.Given ? r.Amount : -r.Amount,
            ActorOf(r.Reference) is { } actor ? names.GetValueOrDefault(actor) : null, r.Given ? r.Credit : r.Debit));
    }

    private static IReadOnlyList<FreeQuota> Free(WalletView wallet) =>
    [
        .. from a in wallet.Accounts
           where a.Unit != Unit.Money && SeatAllocator.FreeCodes.Contains(a.Code) && a.Available > 0
           orderby a.Unit, a.ExpiresAt ?? DateTimeOffset.MaxValue
           select new FreeQuota(a.Code, a.Unit, a.Available, a.ExpiresAt),
    ];

    private static IReadOnlyList<SeatQuota> Quotas(Guid seat, WalletView wallet, IReadOnlyDictionary<(Guid Seat, Unit Unit), long> given) =>
    [
        .. from a in wallet.Accounts
           where a.Code == LedgerCodes.Seat && a.SubjectId == seat
           group a by a.Unit into unit
           orderby unit.Key
           select new SeatQuota(
               unit.Key, unit.Sum(a => a.Available), given.GetValueOrDefault((seat, unit.Key)) - unit.Sum(a => a.Balance),
               unit.Where(a => a.Available > 0).Select(a => a.ExpiresAt).Min()),
    ];

    private static Guid? ActorOf(string reference) =>
        reference.StartsWith(SeatAllocator.ByPrefix, StringComparison.Ordinal) && Guid.TryParse(reference[SeatAllocator.ByPrefix.Length..], out var id) ? id : null;
}
