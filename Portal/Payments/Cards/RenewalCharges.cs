using Microsoft.Extensions.Options;
using Portal.Billing.Subscriptions.Renewals;
using Portal.Data;
using Portal.Data.Payments;

namespace Portal.Payments.Cards;

/// <summary>
/// Charges the cards of accounts whose balance could not pay a renewal, for what is missing: each attempt once, by a key of its own. What was paid
/// renews at once. Of less than the gateway takes, the least that it takes is charged: the rest is credit.
/// </summary>
public sealed class RenewalCharges(Dunning dunning, OffSessionCharges charges, RenewalRun renewals, IOptions<PaymentOptions> options, ILogger<RenewalCharges> logger)
{
    /// <returns>How many plans were renewed.</returns>
    public async Task<int> Run(CancellationToken cancel = default) =>
        await EachAlone.Run(await dunning.Due(cancel), logger, attempt => Try(attempt, cancel), cancel);

    /// <summary>Makes one attempt, if it is still due.</summary>
    internal async Task<bool> Try(CardAttempt attempt, CancellationToken cancel)
    {
        if (attempt.Missing == Money.Zero)
        {
            return await renewals.Retry(attempt.AccountId, cancel);
        }

        if (!await charges.Withdraw(attempt.AccountId, attempt.Key, cancel))
        {
            return false;
        }

        var least = Money.FromAmount(options.Value.MinTopUp);
        var charged = await charges.Charge(
            attempt.AccountId, attempt.Missing < least ? least : attempt.Missing, PaymentPurpose.Renewal, attempt.Key, cancel, transaction => Dunning.Stands(transaction, attempt, cancel));
        switch (charged)
        {
            case ChargeOutcome.Paid:
                if (await renewals.Retry(attempt.AccountId, cancel))
                {
                    return true;
                }

                // Somebody spent it in this moment. It is theirs; the card is left alone until the next attempt.
                await dunning.Failed(attempt, "", final: false, cancel);
                return false;
            case ChargeOutcome.Declined declined:
                await dunning.Failed(attempt, declined.Code, declined.Hard, cancel);
                return false;
            case ChargeOutcome.NeedsAction:
                await dunning.Failed(attempt, Declines.DeclineCodes.MustConfirm, final: false, cancel);
                return false;
            case ChargeOutcome.NoCard:
                await dunning.Without(attempt, cancel);
                return false;
            default:
                // The answer was lost, and the next run asks for the same charge; or there is nothing to pay any more.
                return false;
        }
    }
}
