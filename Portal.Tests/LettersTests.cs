using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Tests.Accounts.Members;
using Portal.Tests.Fixtures;

namespace Portal.Tests;

public sealed class LettersTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Letters_about_money_go_to_who_manages_billing_and_not_to_an_address_that_was_only_invited(DatabaseProvider provider)
    {
        await using var scene = await MemberScene.Start(provider);
        Assert.Null((await scene.Desk.Invite(scene.Owner, "typing.error@school.example", MemberRole.BillingAdmin, MemberScene.Origin, "en", Guid.NewGuid(), Cancel)).Refusal);

        await using var db = scene.Open();
        await scene.Get<Letters>().ToBilling(db, scene.Account, "test", scene.Time.GetUtcNow(), () => new LetterWords("Balance", ["12.00"]), Cancel);
        await db.SaveChangesAsync(Cancel);

        Assert.Equal(["admin@school.example", "owner@school.example"], await db.OutboxMails.Where(m => m.Subject == "Balance").OrderBy(m => m.To).Select(m => m.To).ToListAsync(Cancel));
    }
}
