using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.OnAccount;

/// <summary>What those who manage an account's billing are told of its statements, with the change itself.</summary>
public sealed class OnAccountLetters(Letters letters, IStringLocalizer<OnAccountText> text)
{
    /// <param name="what"><c>Issued</c>, <c>Reminder</c> or <c>Overdue</c>.</param>
    public async Task Tell(LedgerTransaction transaction, PostpaidStatement statement, string what, CancellationToken cancel)
    {
        var account = await transaction.Db.Accounts.AsNoTracking().SingleAsync(a => a.Id == statement.AccountId, cancel);
        await letters.ToBilling(transaction.Db, account.Id, $"on-account.{what}:{account.Id:N}:{statement.Month}", transaction.Now, () =>
        {
            object[] arguments =
                [account.Name, text.Month(statement.Month), new Money(statement.OwedNanos).CeilingToMinorUnits().ToTwoDecimals(), letters.Day(statement.DueAt, account.TimeZone)];
            return new LetterWords(text[$"{what}Subject", arguments], [text[what, arguments], text[$"{what}Next", arguments]]);
        }, cancel);
    }
}
