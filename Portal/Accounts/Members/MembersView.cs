using Portal.Data;
using Portal.Data.Accounts;

namespace Portal.Accounts.Members;

/// <summary>An account's members as the caller may see them: a manager all of them, a member only themself.</summary>
/// <param name="Manages">May invite, allocate and remove members.</param>
/// <param name="Owns">May change roles too.</param>
/// <param name="Free">What can still be handed out; empty for somebody who does not manage.</param>
public sealed record MembersView(
    string AccountName, AccountKind Kind, bool Manages, bool Owns, IReadOnlyList<MemberView> Members, IReadOnlyList<FreeQuota> Free)
{
    public long FreeOf(Unit unit) => Free.Where(f => f.Unit == unit).Sum(f => f.Amount);
}

/// <param name="Name">Empty of somebody who has not chosen one, or has not come yet.</param>
/// <param name="Invited">Has not been in the organisation since they were invited.</param>
/// <param name="IsCaller">The caller's own seat.</param>
/// <param name="Changeable">The caller may remove them.</param>
/// <param name="Quotas">One for each unit that was ever handed to the seat and has not expired.</param>
public sealed record MemberView(
    Guid SeatId, string Name, string Email, MemberRole Role, DateTimeOffset JoinedAt, bool Invited, bool IsCaller, bool Changeable,
    IReadOnlyList<SeatQuota> Quotas)
{
    public SeatQuota Quota(Unit unit) => Quotas.FirstOrDefault(q => q.Unit == unit) ?? new SeatQuota(unit, 0, 0, null);
}

/// <summary>A seat's allocation that has not expired, in tokens or images.</summary>
/// <param name="Left">Can be used now; what running prompts have reserved is not counted.</param>
/// <param name="Used">Consumed by prompts.</param>
/// <param name="ExpiresAt">When the first of what is left expires.</param>
public sealed record SeatQuota(Unit Unit, long Left, long Used, DateTimeOffset? ExpiresAt)
{
    public long Total => Left + Used;
}

/// <summary>Quota of the organisation that lies on no seat.</summary>
/// <param name="Source">A code of <see cref="Data.Billing.LedgerCodes"/>: allowance or pool.</param>
public sealed record FreeQuota(string Source, Unit Unit, long Amount, DateTimeOffset? ExpiresAt);

/// <summary>One change of a seat's allocation, as the ledger has it.</summary>
/// <param name="Amount">Positive: handed to the seat; negative: taken back or expired.</param>
/// <param name="Code"><c>allocate</c>, <c>take-back</c> or <c>expire</c>.</param>
/// <param name="By">Who did it; null for the portal itself.</param>
public sealed record SeatChange(long Id, DateTimeOffset At, string Code, Unit Unit, long Amount, string? By, DateTimeOffset? ExpiresAt);
