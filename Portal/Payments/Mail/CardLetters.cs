using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Accounts.Mail;
using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Data.Payments;
using Portal.Payments.Changes;

namespace Portal.Payments.Mail;

/// <summary>Writes to those who manage an account's billing that the card which is charged ends soon: once a card and the month that it ends with.</summary>
public sealed class CardLetters(
    IDbContextFactory<PortalDb> databases, LedgerWriter ledger, Letters letters, LetterLinks links, IStringLocalizer<PaymentMailText> text,
    TimeProvider time, ILogger<CardLetters> logger)
{
    /// <returns>How many cards were written about.</returns>
    public async Task<int> Write(CancellationToken cancel = default)
    {
        var now = time.GetUtcNow();
        var until = now + CardExpiry.Soon;
        var (first, last) = ((now.Year * 12) + now.Month, (until.Year * 12) + until.Month);
        List<SavedCard> cards;
        await using (var db = await databases.CreateDbContextAsync(cancel))
        {
            cards = await db.SavedCards.AsNoTracking().Where(c => c.IsDefault && (c.ExpiryYear * 12) + c.ExpiryMonth >= first && (c.ExpiryYear * 12) + c.ExpiryMonth <= last)
                .OrderBy(c => c.CreatedAt).ToListAsync(cancel);
        }
        return await EachAlone.Run(
            cards.Where(c => CardExpiry.IsSoon(c, now)).Select(c => c.Id), logger,
            async card => (await ledger.Run<int>(async transaction => await Tell(transaction, card, cancel), cancel)).Value, cancel);
    }

    private async Task<int> Tell(LedgerTransaction transaction, Guid cardId, CancellationToken cancel)
    {
        var db = transaction.Db;
        var accountId = await db.SavedCards.Where(c => c.Id == cardId).Select(c => c.AccountId).FirstAsync(cancel);
        await transaction.Lock(accountId, cancel);
        var card = await db.SavedCards.AsNoTracking().FirstAsync(c => c.Id == cardId, cancel);
        if (!card.IsDefault || !CardExpiry.IsSoon(card, transaction.Now)) return 0;
        var account = await db.Accounts.Where(a => a.Id == accountId).Select(a => a.Name).FirstAsync(cancel);
        var key = string.Create(CultureInfo.InvariantCulture, $"card.expires:{cardId:N}:{card.ExpiryYear:0000}-{card.ExpiryMonth:00}");
        await letters.ToBilling(db, accountId, key, transaction.Now, () => Words(card, account), cancel);
        return db.OutboxMails.Local.Count > 0 ? 1 : 0;
    }

    private LetterWords Words(SavedCard card, string account)
    {
        var month = new DateOnly(card.ExpiryYear, card.ExpiryMonth, 1).ToString(text["Month"], CultureInfo.CurrentCulture);
        object[] arguments = [account, card.Last4, month];
        return new LetterWords(
            text["ExpiresSubject", arguments], [text["Expires", arguments], text["ExpiresNext", arguments]], (text["ExpiresButton"], links.To("billing/cards")));
    }
}
