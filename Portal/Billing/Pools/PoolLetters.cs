using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Pools;

/// <summary>What those who manage a member's billing are told of their pool, with the change itself. Who could not pay is nobody else's business.</summary>
public sealed class PoolLetters(Letters letters, IStringLocalizer<PoolMailText> text)
{
    public Task Invite(LedgerTransaction transaction, ComputePool pool, CancellationToken cancel) => Tell(transaction, pool, "Invited", "", cancel);

    public Task Unpaid(LedgerTransaction transaction, ComputePool pool, CancellationToken cancel) =>
        Tell(transaction, pool, "Unpaid", $":{pool.UnpaidSince!.Value.ToUnixTimeSeconds()}", cancel);

    public Task Ended(LedgerTransaction transaction, ComputePool pool, CancellationToken cancel) => Tell(transaction, pool, "Ended", "", cancel);

    private async Task Tell(LedgerTransaction transaction, ComputePool pool, string what, string window, CancellationToken cancel)
    {
        var members = pool.Members.OrderBy(m => m.Number).ToList();
        var shares = PoolShares.Of(new Money(pool.MonthlyNanos), members.ConvertAll(m => m.SharePercent));
        foreach (var (member, share) in members.Zip(shares))
        {
            var account = await transaction.Db.Accounts.AsNoTracking().Where(a => a.Id == member.AccountId).Select(a => a.Name).SingleAsync(cancel);
            await letters.ToBilling(transaction.Db, member.AccountId, $"pool.{what}:{pool.Id:N}{window}:{member.Number}", transaction.Now, () =>
            {
                object[] arguments = [pool.Name, account, share.ToTwoDecimals(), member.SharePercent.ToString("0.##", CultureInfo.CurrentCulture), PoolRun.Grace.Days];
                return new LetterWords(text[$"{what}Subject", arguments], [text[what, arguments], text[$"{what}Next", arguments]]);
            }, cancel);
        }
    }
}
