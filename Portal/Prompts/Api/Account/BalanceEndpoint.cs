using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Usage;

namespace Portal.Prompts.Api.Account;

/// <summary><c>GET /api/v1/balance</c>: what can be spent now. A member who draws on a seat sees the seat.</summary>
public sealed class BalanceEndpoint(WalletReader wallets, UsageReport usage)
{
    public async Task<Outcome<object>> Answer(HttpContext http)
    {
        var caller = ApiKeyHandler.CallerOf(http);
        var read = await usage.Read(caller, new UsageFilter(UsageRange.Period), http.RequestAborted);
        if (!read.IsDone(out var refusal, out var view))
        {
            return refusal;
        }

        var wallet = caller.SeatOnly ? null : await wallets.Read(caller.AccountId, http.RequestAborted);
        return new BalanceJson(
            "balance", MoneyJson.Currency, wallet is null ? null : MoneyJson.Of(wallet.Spendable), wallet is null ? null : MoneyJson.Of(wallet.Held), [.. view.Quotas.Select(QuotaJson.Of)]);
    }
}
