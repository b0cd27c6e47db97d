using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Data.Payments;
using Portal.Payments.Changes;
using Portal.Payments.Gateway;
using Portal.Payments.Gateway.Objects;

namespace Portal.Payments.Cards;

/// <summary>An account's saved cards, for whoever manages its billing. Numbers are typed at the gateway and never come here.</summary>
public sealed class CardDesk(
    IDbContextFactory<PortalDb> databases, LedgerWriter ledger, StripeGateway gateway, GatewayCustomers customers, TimeProvider time)
{
    private const int FormKeyLengthMax = 100;

    /// <summary>The one that is charged first, then the newest first.</summary>
    public async Task<Outcome<IReadOnlyList<SavedCardView>>> Read(Caller caller, CancellationToken cancel)
    {
        if (caller.WhyNotSee(Right.ManageBilling) is { } no) return no;
        await using var db = await databases.CreateDbContextAsync(cancel);
        var cards = await db.SavedCards.AsNoTracking().Where(c => c.AccountId == caller.AccountId && c.RemovedAt == null)
            .OrderByDescending(c => c.IsDefault).ThenByDescending(c => c.CreatedAt).ThenByDescending(c => c.Id).ToListAsync(cancel);
        var now = time.GetUtcNow();
        return cards.ConvertAll(card => View(card, now) with
        {
            Successor = card.IsDefault && CardRecorder.SuccessorOf(cards, card, now) is { } next && !CardExpiry.IsOver(next, now) ? View(next, now) : null,
        });
    }

    /// <returns>The address of the gateway's page.</returns>
    public async Task<Outcome<Uri>> Add(Caller caller, AddCardRequest request, CancellationToken cancel)
    {
        if (caller.WhyNot(Right.ManageBilling) is { } no) return no;
        if (request.FormKey.Length is 0 or > FormKeyLengthMax) return new Refusal("card.form-key");
        if (!(await customers.Ensure(caller.AccountId, cancel)).IsDone(out var refusal, out var customerId)) return refusal;
        var setup = new CardSetupRequest(
            caller.AccountId, customerId, request.FormKey, new Uri(request.Portal, "billing/cards?added=true").AbsoluteUri,
            new Uri(request.Portal, "billing/cards").AbsoluteUri, request.Language.StartsWith("zh", StringComparison.Ordinal) ? "zh" : "en");
        return await gateway.CreateCardSetup(setup, cancel) switch
        {
            GatewayAnswer<GatewayCheckout>.Done { Value.Url: { } url } => new Uri(url),
            GatewayAnswer<GatewayCheckout>.Unknown => new Refusal("card.unreachable"),
            _ => new Refusal("card.refused"),
        };
    }

    /// <summary>Asks the gateway which cards it keeps, when a person comes back from its page and no webhook has come yet.</summary>
    public async Task<Outcome<Done>> Refresh(Caller caller, CancellationToken cancel)
    {
        if (caller.WhyNot(Right.ManageBilling) is { } no) return no;
        string? customerId;
        await using (var db = await databases.CreateDbContextAsync(cancel))
        {
            customerId = await db.GatewayCustomers.Where(c => c.AccountId == caller.AccountId).Select(c => c.CustomerId).FirstOrDefaultAsync(cancel);
        }
        if (customerId is null) return new Done();
        if (await gateway.ListCards(customerId, cancel) is not GatewayAnswer<GatewayPage<GatewayMethod>>.Done { Value.Data: var kept }) return new Refusal("card.unreachable");
        return await ledger.Run<Done>(
            async transaction =>
            {
                foreach (var method in kept.OrderBy(m => m.Created)) await CardRecorder.Apply(transaction, new CardChange.Kept(method), cancel);
                return new Done();
            },
            cancel);
    }

    public Task<Outcome<Done>> MakeDefault(Caller caller, Guid cardId, CancellationToken cancel) =>
        Change(caller, cardId, CardRecorder.Choose, cancel);

    /// <summary>From here on it is not charged; the gateway is asked to forget it too, again later if it does not answer.</summary>
    public async Task<Outcome<Done>> Remove(Caller caller, Guid cardId, CancellationToken cancel)
    {
        var removed = await Change(caller, cardId, CardRecorder.Remove, cancel);
        if (removed.IsDone(out _)) await Detach(cardId, CancellationToken.None);
        return removed;
    }

    /// <summary>Asks the gateway once more to forget what was removed here; returns how many cards there were.</summary>
    public async Task<int> DetachRemoved(CancellationToken cancel)
    {
        List<Guid> left;
        await using (var db = await databases.CreateDbContextAsync(cancel))
        {
            left = await db.SavedCards.Where(c => c.RemovedAt != null && c.DetachedAt == null).Select(c => c.Id).ToListAsync(cancel);
        }
        foreach (var id in left) await Detach(id, cancel);
        return left.Count;
    }

    private async Task<Outcome<Done>> Change(Caller caller, Guid cardId, Action<GatewayCustomer, SavedCard, DateTimeOffset> change, CancellationToken cancel) =>
        caller.WhyNot(Right.ManageBilling) is { } no ? no : await ledger.Run<Done>(
            async transaction =>
            {
                var customer = await CardRecorder.Lock(transaction, caller.AccountId, cancel);
                if (customer?.Cards.FirstOrDefault(c => c.Id == cardId && c.RemovedAt is null) is not { } card) return Refusal.NotFound;
                change(customer, card, transaction.Now);
                return new Done();
            },
            cancel);

    private async Task Detach(Guid cardId, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var methodId = await db.SavedCards.Where(c => c.Id == cardId).Select(c => c.MethodId).FirstAsync(cancel);

        // What is refused is not attached there any more.
        if (await gateway.Detach(methodId, cancel) is GatewayAnswer<GatewayMethod>.Unknown) return;
        var now = time.GetUtcNow();
        await db.SavedCards.Where(c => c.Id == cardId && c.DetachedAt == null).ExecuteUpdateAsync(c => c.SetProperty(r => r.DetachedAt, now), cancel);
    }

    private static SavedCardView View(SavedCard card, DateTimeOffset now) => new(
        card.Id, card.Brand, card.Last4, card.ExpiryMonth, card.ExpiryYear, card.IsDefault,
        CardExpiry.IsOver(card, now) ? SavedCardState.Expired : CardExpiry.IsSoon(card, now) ? SavedCardState.ExpiresSoon : SavedCardState.Good);
}
