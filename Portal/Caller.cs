using Portal.Accounts.Keys;
using Portal.Data.Accounts;

namespace Portal;

/// <summary>
/// Who asks, freshly read from the database: a person acting in one of their accounts, from a page or with an API key.
/// Commands decide by it; they never trust what a page showed.
/// </summary>
public sealed record Caller(
    Guid PersonId, string Email, string DisplayName, Guid AccountId, AccountKind AccountKind, string AccountName, string TimeZone,
    Guid MembershipId, MemberRole Role, Guid ProjectId, Guid? ApiKeyId, bool IsSupport, bool IsAdministrator)
{
    /// <summary>What the API key allows; null of a person at a page, who may do all that their role may.</summary>
    public KeyRights? KeyRights { get; init; }

    /// <summary>The staff on a visit: sees what the customer sees and may change nothing. Every command asks this first.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Staff see other people's accounts.</summary>
    public bool IsStaff => IsSupport || IsAdministrator;

    /// <summary>May top up, choose plans, invite members and allocate quota.</summary>
    public bool ManagesBilling => Role is MemberRole.Owner or MemberRole.BillingAdmin;

    /// <summary>Why a command of the caller's is refused; null when it may go on. Every command begins with it, or with <see cref="ReadOnly"/> alone.</summary>
    public Refusal? WhyNot(Right right) => ReadOnly ? Refusal.ReadOnly : WhyNotSee(right);

    /// <summary>The same of what only reads, and is open to whoever may change nothing.</summary>
    public Refusal? WhyNotSee(Right right) => right switch
    {
        Right.ManageBilling when ManagesBilling => null,
        Right.Serve when IsStaff => null,
        Right.Administer when IsAdministrator => null,
        Right.ManageBilling => Refusal.Forbidden,
        _ => Refusal.NotFound,
    };

    /// <summary>Draws on nothing but the seat's allocation: a member of an organisation, such as a student.</summary>
    public bool SeatOnly => Role == MemberRole.Member;
}
