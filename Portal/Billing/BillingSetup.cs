using Portal.Billing.Ledger;
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
    }
}
