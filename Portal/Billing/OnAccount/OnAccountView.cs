using Portal.Data;

namespace Portal.Billing.OnAccount;

/// <summary>What an account owes for use on account, and its statements, newest first.</summary>
/// <param name="Limit">As agreed, also while it is blocked.</param>
/// <param name="Owed">Now.</param>
/// <param name="Blocked">Nothing more can be used on account until what is overdue has been paid.</param>
public sealed record OnAccountView(Money Limit, Money Owed, bool Blocked, IReadOnlyList<OnAccountView.Statement> Statements)
{
    /// <param name="Left">What of it is still to be paid.</param>
    public sealed record Statement(string Month, DateTimeOffset IssuedAt, Money Before, Money Used, Money Repaid, Money Owed, Money Left, DateTimeOffset DueAt, bool Overdue, Guid? InvoiceId);
}
