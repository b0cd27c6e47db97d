using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Data.Payments;
using Portal.Payments.Gateway.Objects;

namespace Portal.Payments.Changes;

/// <summary>
/// Writes which cards an account has, in the transaction of whoever heard it. Changes may come twice and in any order: a card that was removed stays
/// removed, the same card saved twice is one card, and the newest card is the one that is charged unless the person chose another.
/// </summary>
internal static class CardRecorder
{
    /// <summary>Locks the wallet of the account whose card it is; a card of nobody here changes nothing.</summary>
    public static async Task Apply(LedgerTransaction ledger, CardChange change, CancellationToken cancel)
    {
        if (await OwnerOf(ledger.Db, change, cancel) is not { } accountId) return;
        var customer = await Lock(ledger, accountId, cancel);
        if (change is CardChange.Kept { Method: { Card: { } card } method }) Keep(ledger, customer!, method, card);
        else if (change is CardChange.Gone gone && customer!.Cards.First(c => c.MethodId == gone.MethodId) is { RemovedAt: null } known) Remove(customer, known, ledger.Now);
        if (change is CardChange.Gone ended) customer!.Cards.First(c => c.MethodId == ended.MethodId).DetachedAt ??= ledger.Now;
    }

    /// <summary>An account's customer with all its cards, tracked, under the wallet's lock; null when it never saved one.</summary>
    public static async Task<GatewayCustomer?> Lock(LedgerTransaction ledger, Guid accountId, CancellationToken cancel)
    {
        await ledger.Lock(accountId, cancel);
        return await ledger.Db.GatewayCustomers.Include(c => c.Cards).FirstOrDefaultAsync(c => c.AccountId == accountId, cancel);
    }

    /// <summary>Another card is charged from now on: the newest that has not expired; where all have, the newest, whose bank may say that it lasts longer.</summary>
    public static void Remove(GatewayCustomer customer, SavedCard card, DateTimeOffset now)
    {
        card.RemovedAt = now;
        if (!card.IsDefault) return;
        card.IsDefault = false;
        if (SuccessorOf(customer.Cards, card, now) is { } next) Choose(customer, next, now);
    }

    /// <summary>The card that would be charged if <paramref name="card"/> were removed.</summary>
    public static SavedCard? SuccessorOf(IEnumerable<SavedCard> cards, SavedCard card, DateTimeOffset now) =>
        cards.Where(c => c.RemovedAt is null && c != card).OrderBy(c => CardExpiry.IsOver(c, now)).ThenByDescending(c => c.CreatedAt).ThenByDescending(c => c.Id).FirstOrDefault();

    public static void Choose(GatewayCustomer customer, SavedCard card, DateTimeOffset now)
    {
        if (card.IsDefault) return;
        foreach (var other in customer.Cards) other.IsDefault = false;
        card.IsDefault = true;
        customer.CardChangedAt = now;
    }

    private static void Keep(LedgerTransaction ledger, GatewayCustomer customer, GatewayMethod method, GatewayCard card)
    {
        if (customer.Cards.FirstOrDefault(c => c.MethodId == method.Id) is { } known)
        {
            Describe(known, card);
            return;
        }
        var saved = new SavedCard
        {
            Id = Guid.CreateVersion7(ledger.Now), AccountId = customer.AccountId, MethodId = method.Id, Brand = "", Last4 = "", Fingerprint = card.Fingerprint,
            CreatedAt = DateTimeOffset.FromUnixTimeSeconds(method.Created),
        };
        Describe(saved, card);
        var same = customer.Cards.FirstOrDefault(c => c.RemovedAt is null && c.Fingerprint is not null && c.Fingerprint == card.Fingerprint);
        var charged = customer.Cards.FirstOrDefault(c => c.IsDefault);
        ledger.Db.SavedCards.Add(saved);
        if (!customer.Cards.Contains(saved)) customer.Cards.Add(saved);
        if (same is not null) same.RemovedAt = ledger.Now;
        if (charged is null || charged == same || charged.CreatedAt <= saved.CreatedAt) Choose(customer, saved, ledger.Now);
    }

    private static void Describe(SavedCard saved, GatewayCard card) =>
        (saved.Brand, saved.Last4, saved.ExpiryMonth, saved.ExpiryYear) = (card.Brand ?? "", card.Last4 ?? "", card.ExpMonth, card.ExpYear);

    private static async Task<Guid?> OwnerOf(PortalDb db, CardChange change, CancellationToken cancel) => change switch
    {
        CardChange.Kept { Method: { Customer: { } customerId, Card: not null } } =>
            await db.GatewayCustomers.Where(c => c.CustomerId == customerId).Select(c => (Guid?)c.AccountId).FirstOrDefaultAsync(cancel),
        CardChange.Gone gone => await db.SavedCards.Where(c => c.MethodId == gone.MethodId).Select(c => (Guid?)c.AccountId).FirstOrDefaultAsync(cancel),
        _ => null,
    };
}
