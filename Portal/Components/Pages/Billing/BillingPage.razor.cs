using Microsoft.AspNetCore.Components;
using Portal.Accounts;
using Portal.Accounts.Budgets;
using Portal.Billing.Coupons;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Components.Pages.Billing.Credit;
using Portal.Components.Shared.Dialogs;
using Portal.Data;
using Portal.Data.Payments;
using Portal.Payments;
using Portal.Payments.AutoTopUps;
using Radzen;

namespace Portal.Components.Pages.Billing;

/// <summary>The balance, the way to top it up, the coupons, and what was paid and refunded. Reads anew whenever the wallet changes.</summary>
public sealed partial class BillingPage(
    CurrentCaller currentCaller, WalletReader wallets, CouponRedeemer redeemer, PaymentHistory history, AutoTopUpDesk autoTopUps, BudgetDesk budgetDesk, Reconciler reconciler,
    DialogService dialogs, NavigationManager navigation) : IDisposable
{
    private const int PageSize = 20;

    private readonly CancellationTokenSource left = new();
    private Refusal? refusal;
    private WalletView? wallet;
    private IReadOnlyList<BudgetView> budgets = [];
    private IReadOnlyList<PaymentView> payments = [];
    private IReadOnlyList<RedeemedCoupon> coupons = [];
    private AutoTopUpView? autoTopUp;
    private PaymentView? outcome;
    private Money owed;
    private int shown = PageSize;
    private bool dialogOpen;

    /// <summary>The payment that the person comes back from.</summary>
    [SupplyParameterFromQuery(Name = "payment")]
    public Guid? Returned { get; set; }

    /// <summary>The payment whose page the person left without paying.</summary>
    [SupplyParameterFromQuery(Name = "left")]
    public Guid? Left { get; set; }

    /// <summary>The payment that a letter asks to confirm.</summary>
    [SupplyParameterFromQuery(Name = "confirm")]
    public Guid? ToConfirm { get; set; }

    /// <summary>Set by links of other pages: the dialog opens at once, with this amount where it is one.</summary>
    [SupplyParameterFromQuery(Name = "topup")]
    public string? Suggested { get; set; }

    public void Dispose()
    {
        left.Cancel();
        left.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        await ReadAsync();
        if (Returned is { } id && outcome is { Status: PaymentStatus.Pending })
        {
            // The webhook may be on its way; asking is quicker and does no harm. Until it is answered the page says that it waits.
            StateHasChanged();
            await reconciler.Check(await currentCaller.Get(left.Token), id, left.Token);
            await ReadAsync();
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (Suggested is null || wallet is null || dialogOpen) return;
        await TopUpAsync(Suggested);

        // Closed without paying: a reload shall not open it again.
        navigation.NavigateTo("billing", replace: true);
    }

    private async Task ReadAsync()
    {
        var caller = await currentCaller.Get(left.Token);
        var read = await history.ReadOwn(caller, shown + 1, left.Token);
        if (!read.IsDone(out refusal)) return;
        payments = read.Value;
        budgets = await budgetDesk.Read(caller, left.Token);
        coupons = (await redeemer.Active(caller, left.Token)).Value;
        autoTopUp = (await autoTopUps.Read(caller, left.Token)).Value;
        owed = await history.Owed(caller, left.Token);
        wallet = await wallets.Read(caller.AccountId, left.Token);
        if ((Returned ?? Left ?? ToConfirm) is { } id) outcome = await history.Find(caller, id, left.Token) is { Refusal: null } found ? found.Value : null;
    }

    private async Task MoreAsync()
    {
        shown += PageSize;
        await ReadAsync();
    }

    private Task TopUpAsync() => dialogOpen ? Task.CompletedTask : TopUpAsync(null);

    private async Task TopUpAsync(string? suggested)
    {
        dialogOpen = true;
        StateHasChanged();
        await dialogs.ShowAsync<TopUpDialog>(Text["TopUp"], new() { [nameof(TopUpDialog.Suggested)] = suggested, [nameof(TopUpDialog.Owed)] = owed });
        dialogOpen = false;
        StateHasChanged();
    }
}
