using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Portal.Accounts;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Billing.Subscriptions;
using Portal.Data.Billing;
using Portal.Usage;

namespace Portal.Components.Pages.Overview;

public sealed partial class Overview
{
    private const int LatestCount = 5;

    private static readonly UsageFilter Filter = new(UsageRange.Days14);

    private Caller? caller;
    private WalletView? wallet;
    private SubscriptionView? plan;
    private UsageView? usage;
    private IReadOnlyList<UsageRequest> latest = [];

    [Inject]
    private CurrentCaller CurrentCaller { get; set; } = default!;

    [Inject]
    private WalletReader Wallets { get; set; } = default!;

    [Inject]
    private SubscriptionReader Subscriptions { get; set; } = default!;

    [Inject]
    private UsageReport Report { get; set; } = default!;

    [Inject]
    private UsageRequests Requests { get; set; } = default!;

    [Inject]
    private IStringLocalizer<OverviewText> Text { get; set; } = default!;

    // A purchase opens the account that it is booked to, and the account stays.
    private bool ToppedUp => wallet!.Accounts.Any(account => account.Code is LedgerCodes.CreditPurchased or LedgerCodes.CreditGranted);

    private bool EverUsed => usage!.Choices.Models.Count > 0;

    protected override Task OnInitializedAsync() => Load();

    private async Task Load()
    {
        caller = await CurrentCaller.Get();
        wallet = await Wallets.Read(caller.AccountId);
        plan = await Subscriptions.Current(caller.AccountId);
        usage = (await Report.Read(caller, Filter)).Value;
        latest = (await Requests.Page(caller, Filter with { Range = UsageRange.Days90 }, 0, LatestCount)).Value.Requests;
    }
}
