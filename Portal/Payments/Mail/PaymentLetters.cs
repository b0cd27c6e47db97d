using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Accounts.Mail;
using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Payments;
using Portal.Payments.AutoTopUps;
using Portal.Payments.Cards;
using Portal.Payments.Declines;
using Portal.Payments.Gateway;

namespace Portal.Payments.Mail;

/// <summary>
/// Writes to those who manage an account's billing what became of a charge that nobody watched: the bank wants a confirmation, the balance was topped
/// up, or the card was declined. What becomes of a renewal, whoever renews writes.
/// </summary>
public sealed class PaymentLetters(
    IDbContextFactory<PortalDb> databases, LedgerWriter ledger, Letters letters, LetterLinks links, DeclineWords declines,
    IStringLocalizer<PaymentMailText> text, ILogger<PaymentLetters> logger)
{
    private const int BatchMax = 200;

    private enum News
    {
        None,
        Confirm,
        Paid,
        Failed,
        Canceled,
    }

    /// <returns>How many payments were dealt with.</returns>
    public async Task<int> Write(CancellationToken cancel)
    {
        List<(Guid Id, Guid Account)> untold;
        await using (var db = await databases.CreateDbContextAsync(cancel))
        {
            var rows = await db.Payments.AsNoTracking().Where(p => p.Untold).OrderBy(p => p.CreatedAt).Select(p => new { p.Id, p.AccountId }).Take(BatchMax).ToListAsync(cancel);
            untold = rows.ConvertAll(r => (r.Id, r.AccountId));
        }
        return await EachAlone.Run(
            untold, logger, async payment => (await ledger.Run(transaction => Tell(transaction, payment.Id, payment.Account, cancel), cancel)).IsDone(out _), cancel);
    }

    private async Task<Outcome<Done>> Tell(LedgerTransaction transaction, Guid paymentId, Guid accountId, CancellationToken cancel)
    {
        // Under the lock of whoever moves the payment on, so that no news is lost between reading and marking.
        await transaction.Lock(accountId, cancel);
        var db = transaction.Db;
        var payment = await db.Payments.FirstAsync(p => p.Id == paymentId, cancel);
        if (!payment.Untold) return Refusal.NotFound;
        payment.Untold = false;
        var news = NewsOf(payment);
        if (news == News.None) return new Done();
        var account = await db.Accounts.AsNoTracking().FirstAsync(a => a.Id == accountId, cancel);
        var next = news is not (News.Failed or News.Canceled) || !await db.AutoTopUpRules.AnyAsync(r => r.AccountId == accountId && r.Enabled, cancel) ? null
            : (await AutoTopUpHistory.Read(db, accountId, transaction.Now, cancel)).IsStopped ? "Stopped" : "Paused";
        await letters.ToBilling(db, accountId, $"payment.{news}:{paymentId:N}", transaction.Now, () => Words(news, payment, account, next), cancel);
        return new Done();
    }

    private static News NewsOf(Payment payment) => payment switch
    {
        { Status: PaymentStatus.Pending, FailureCode: DeclineCodes.MustConfirm } => News.Confirm,
        { Purpose: not PaymentPurpose.AutoTopUp } => News.None,
        { Status: PaymentStatus.Succeeded } => News.Paid,
        { Status: PaymentStatus.Failed, FailureCode: DeclineCodes.Canceled or DeclineCodes.Unconfirmed } => News.Canceled,
        { Status: PaymentStatus.Failed, FailureCode: not DeclineCodes.Withdrawn } => News.Failed,
        _ => News.None,
    };

    private LetterWords Words(News news, Payment payment, Account account, string? next)
    {
        var until = TimeZoneInfo.ConvertTime(payment.CreatedAt + OffSessionCharges.ConfirmWithin, LocalDays.Zone(account.TimeZone))
            .ToString(text["Moment"], CultureInfo.CurrentCulture);
        object[] arguments = [account.Name, new Money(payment.AmountNanos).ToTwoDecimals(), payment.CardLast4 ?? "", until];
        var (paragraphs, page) = news switch
        {
            News.Confirm => ((string[])[text["Confirm", arguments], text[$"Why{payment.Purpose}"], text["ConfirmUntil", arguments]], OffSessionCharges.PageOf(payment.Id)),
            News.Failed or News.Canceled => ([text[$"{news}", arguments], declines.Say(payment.FailureCode), .. next is null ? [] : (string[])[text[next]]], "billing/cards"),
            _ => ([text["Paid", arguments], text["PaidReceipt"]], "billing"),
        };
        return new LetterWords(text[$"{news}Subject", arguments], paragraphs, (text[news == News.Canceled ? "FailedButton" : $"{news}Button"], links.To(page)));
    }
}
