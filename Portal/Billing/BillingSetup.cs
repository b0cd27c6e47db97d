using Microsoft.Extensions.Options;
using Portal.Billing.Ledger.Wallets;
using Portal.Billing.PriceChanges;
using Portal.Billing.Costs;
using Portal.Billing.Coupons;
using Portal.Billing.Invoices;
using Portal.Billing.Ledger;
using Portal.Billing.OnAccount;
using Portal.Billing.Points;
using Portal.Billing.Pools;
using Portal.Billing.Subscriptions;
using Portal.Billing.Subscriptions.Mail;
using Portal.Billing.Subscriptions.Renewals;
using Portal.Billing.Verification;

namespace Portal.Billing;

public static class BillingSetup
{
    public static void AddBilling(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<WalletEvents>();
        builder.Services.AddSingleton<LedgerWriter>();
        builder.Services.AddSingleton<WalletReader>();
        builder.Services.AddSingleton<BookVerifier>();
        builder.Services.AddSingleton<SubscriptionReader>();
        builder.Services.AddSingleton<PlanDesk>();
        builder.Services.AddSingleton<PlanCare>();
        builder.Services.AddSingleton<Letters>();
        builder.Services.AddSingleton<PlanLetters>();
        builder.Services.AddSingleton<RenewalRun>();
        builder.Services.AddSingleton<Dunning>();
        builder.Services.AddSingleton<InvoiceVoids>();
        builder.Services.AddSingleton<TrialDesk>();
        builder.Services.AddSingleton<ExpiryRun>();
        builder.Services.AddSingleton<InvoiceReader>();
        builder.Services.AddSingleton<InvoiceExport>();
        builder.Services.AddSingleton<BuyerDesk>();
        builder.Services.AddOptions<SellerOptions>().Bind(builder.Configuration.GetSection(SellerOptions.Section))
            .Validate(seller => !string.IsNullOrWhiteSpace(seller.Name), "Seller:Name is empty; documents need somebody who issues them.").ValidateOnStart();
        builder.Services.AddSingleton<PlanAdvisor>();
        builder.Services.AddOptions<PointsOptions>().Bind(builder.Configuration.GetSection(PointsOptions.Section)).ValidateOnStart();
        builder.Services.AddSingleton<IPostConfigureOptions<PointsOptions>, PointsOptionsCheck>();
        builder.Services.AddSingleton<IValidateOptions<PointsOptions>, PointsOptionsCheck>();
        builder.Services.AddSingleton<PointsDesk>();
        builder.Services.AddOptions<OnAccountOptions>().Bind(builder.Configuration.GetSection(OnAccountOptions.Section))
            .Validate(options => options.DueDays is >= 1 and <= 365, "OnAccount:DueDays must be from 1 to 365.").ValidateOnStart();
        builder.Services.AddSingleton<OnAccountLetters>();
        builder.Services.AddSingleton<OnAccountReader>();
        builder.Services.AddSingleton<OnAccountRun>();
        builder.Services.AddSingleton<PoolLetters>();
        builder.Services.AddSingleton<PoolReader>();
        builder.Services.AddSingleton<PoolDesk>();
        builder.Services.AddSingleton<PoolRun>();
        builder.Services.AddSingleton<CouponRedeemer>();
        builder.Services.AddSingleton<CouponDesk>();
        builder.Services.AddSingleton<PricePreview>();
        builder.Services.AddSingleton<PlanMoveLetters>();
        builder.Services.AddSingleton<PlanMoves>();
        builder.Services.AddSingleton<PlanMoveRun>();
    }
}
