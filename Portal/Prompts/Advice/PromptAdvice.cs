using Portal.Accounts;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Billing.Rating;
using Portal.Data;
using Portal.Inference;
using Portal.Inference.Text;
using Portal.Prompts.Requests;

namespace Portal.Prompts.Advice;

/// <summary>Tells after an answer what a shorter prompt would have cost, counted and priced as the prompt itself was.</summary>
public sealed class PromptAdvice(PromptPlanner planner, PromptModels models, WalletReader wallets)
{
    /// <param name="outputTokens">Of the answer that was given.</param>
    /// <returns>What saves most first; empty when there is nothing to leave out.</returns>
    public async Task<Outcome<IReadOnlyList<AdviceView>>> For(Caller caller, TextPrompt prompt, int outputTokens, CancellationToken cancel = default)
    {
        if (!PromptChecks.Text(prompt).IsDone(out var unfit, out var clean))
        {
            return unfit;
        }

        // Most prompts are as short as they can be: nothing is read for them.
        var ways = PromptTrims.Of(clean.Messages);
        if (ways.Count == 0)
        {
            return Array.Empty<AdviceView>();
        }

        var planned = await planner.Plan(caller, prompt with { Cache = false }, givesWay: false, cancel);
        if (!planned.IsDone(out var refusal, out var plan))
        {
            return refusal;
        }

        if (models.Text(plan.Route.Model) is not { } model)
        {
            return Array.Empty<AdviceView>();
        }

        try
        {
            return await Compare(plan.Hold, model, clean.Messages, ways, outputTokens, cancel);
        }
        catch (Exception e) when (e is ModelUnloadedException or PromptUnfitException)
        {
            // It was let go after its answer, or takes no shorter one: that was given and charged, and needs no advice.
            return Array.Empty<AdviceView>();
        }
    }

    private async Task<List<AdviceView>> Compare(
        HoldPrompt hold, ITextModel model, IReadOnlyList<ChatMessage> sent, IReadOnlyDictionary<AdviceKind, IReadOnlyList<ChatMessage>> ways, int outputTokens, CancellationToken cancel)
    {
        var input = model.CountTokens(sent);
        var cost = await Cost(hold, input, outputTokens, cancel);
        var advice = new List<AdviceView>();
        foreach (var (kind, messages) in ways)
        {
            var shorter = model.CountTokens(messages);
            if (shorter < input)
            {
                advice.Add(new AdviceView(kind, input - shorter, new Money(cost - await Cost(hold, shorter, outputTokens, cancel))));
            }
        }

        return [.. advice.OrderByDescending(a => a.Tokens)];
    }

    private async Task<long> Cost(HoldPrompt hold, int input, int output, CancellationToken cancel)
    {
        var (quote, _) = await wallets.Preview(hold with { WorstCase = MeteredUsage.Text(input, output) }, cancel);
        return quote.Price.AmountNanos;
    }
}
