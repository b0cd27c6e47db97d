using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Payments;

namespace Portal.Support;

/// <summary>All that the staff see of one account, read at one moment.</summary>
public sealed record CustomerView(
    Guid AccountId, string Name, AccountKind Kind, DateTimeOffset CreatedAt, CustomerTerms Terms, IReadOnlyList<CustomerMember> Members, WalletView Wallet,
    CustomerPlan? Plan, IReadOnlyList<PaymentView> Payments, IReadOnlyList<CustomerUsage> Usage, IReadOnlyList<TransferView> History,
    IReadOnlyList<CustomerInvoice> Invoices, IReadOnlyList<TicketSummary> Tickets, IReadOnlyList<CustomerDeed> Deeds)
{
    /// <summary>For lost disputes; the next top-up pays it.</summary>
    public Money Owed { get; init; }
}

/// <summary>What <see cref="AccountTerms"/> has set.</summary>
/// <param name="Postpaid">How far the account may go on account; 0: prepaid only.</param>
public sealed record CustomerTerms(bool Education, int ContractMonths, Money Postpaid);

/// <param name="SeatId">The membership; what was allocated to it stands in the wallet under this id.</param>
public sealed record CustomerMember(
    Guid SeatId, Guid PersonId, string Name, string Email, MemberRole Role, bool Confirmed, bool Locked, DateTimeOffset JoinedAt, DateTimeOffset? RemovedAt);

public sealed record CustomerPlan(string NameEn, string NameZh, SubscriptionStatus Status, DateTimeOffset PeriodStart, DateTimeOffset PeriodEnd, bool CancelAtPeriodEnd);

/// <param name="Receipt">How it was charged, with every line, factor and source.</param>
public sealed record CustomerUsage(Guid Id, DateTimeOffset At, string Email, string Model, string Finish, bool ByKey, Receipt Receipt);

/// <param name="Account">The account's name.</param>
/// <param name="Return">Null as long as it was not given back.</param>
public sealed record CustomerRequest(Guid AccountId, string Account, CustomerUsage Usage, CustomerReturn? Return);

/// <summary>A charged prompt that was given back.</summary>
/// <param name="By">The address of who gave it.</param>
/// <param name="Units">Of quota, in the prompt's unit.</param>
public sealed record CustomerReturn(DateTimeOffset At, string By, Money Money, long Units, string Reason);

public sealed record CustomerInvoice(Guid Id, string Number, InvoiceKind Kind, DateTimeOffset IssuedAt, Money Total, InvoiceStatus Status);

/// <summary>A line of the audit: who did what.</summary>
/// <param name="Action">E.g. <c>seat.allocated</c>.</param>
/// <param name="Reason">What whoever did it gave as the reason.</param>
public sealed record CustomerDeed(DateTimeOffset At, string By, string Action, string Detail, string? Reason);
