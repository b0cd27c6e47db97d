using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Billing.Rating;
using Portal.Catalog;
using Portal.Data;
using Portal.Prompts.Pricing;
using Portal.Prompts.Requests;
using Portal.Prompts.Routing;

namespace Portal.Prompts.Chats;

/// <summary>What a text model costs somebody now, before anything is written.</summary>
public sealed class TextTariff(PromptPricing pricing, ModelRouter router, WalletReader wallets)
{
    private const int Thousand = 1_000;

    /// <summary>By the caller's own terms, in the tier that their month has reached.</summary>
    public async Task<Outcome<TextPrice>> Read(Caller caller, string model, CancellationToken cancel = default)
    {
        var prompt = new TextPrompt(Guid.Empty, model, []);
        if (!(await router.Find(prompt, Unit.Tokens, cancel)).IsDone(out var unknown, out var route))
        {
            return unknown;
        }

        var asked = await pricing.Price(caller, prompt, route, MeteredUsage.Text(1, 1), cancel: cancel);
        if (!asked.IsDone(out var refusal, out var priced))
        {
            return refusal;
        }

        var hold = priced.Hold;
        var (quote, _) = await wallets.Preview(hold, cancel);
        var terms = hold.Terms with { Rates = [.. hold.Terms.Rates.Select(rate => rate with { Tiers = [new Tier(0, FactorOf(rate, quote.Price))] })] };
        return new TextPrice(
            Rater.Price(terms, MeteredUsage.Text(Thousand, 0), 0).AmountNanos, Rater.Price(terms, MeteredUsage.Text(0, Thousand), 0).AmountNanos,
            quote.Parts.Any(part => part.Unit == Unit.Tokens));
    }

    /// <summary>What quota pays for has no tier; what comes after it starts in the first.</summary>
    private static decimal FactorOf(MeterRate rate, PricedUsage price)
    {
        var line = price.Lines.FirstOrDefault(line => line.Meter == rate.Meter);
        return line.Meter is not null ? line.TierFactor : rate.Tiers.Count > 0 ? rate.Tiers[0].Factor : 1m;
    }
}

/// <param name="InputNanos">Of 1,000 tokens that are sent.</param>
/// <param name="OutputNanos">Of 1,000 tokens that are answered.</param>
/// <param name="Covered">A quota pays first; these are the prices beyond it.</param>
public sealed record TextPrice(long InputNanos, long OutputNanos, bool Covered);
