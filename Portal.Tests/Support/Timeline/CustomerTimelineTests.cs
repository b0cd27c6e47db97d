using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Data.Support;
using Portal.Support.Timeline;
using Portal.Tests.Fixtures;
using Portal.Tests.Prompts;

namespace Portal.Tests.Support.Timeline;

public sealed class CustomerTimelineTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Everything_is_in_one_order_and_its_money_is_the_ledgers(DatabaseProvider provider)
    {
        await using var scene = await PromptScene.Start(provider, yuan: 20);
        var (account, staff) = (scene.Owner.AccountId, scene.Owner with { IsSupport = true });
        for (var day = 0; day < 3; day++)
        {
            scene.Text.Say(10);
            Assert.NotNull((await scene.Run(PromptScene.Say("how to top up"))).Receipt);
            scene.Time.Advance(TimeSpan.FromDays(1));
        }

        await using var db = scene.Database.Open();
        var now = scene.Time.GetUtcNow();
        db.AuditEntries.AddRange(
            new AuditEntry { At = now, PersonId = scene.Owner.PersonId, AccountId = account, Action = "key.created", Subject = "1", Detail = "Website" },
            new AuditEntry { At = now, PersonId = scene.Owner.PersonId, AccountId = account, Action = "person.locked", Subject = "2", Reason = "asked" },
            new AuditEntry { At = now, PersonId = scene.Owner.PersonId, AccountId = Guid.NewGuid(), Action = "key.created", Subject = "of others" });
        db.SignIns.Add(new SignInRecord { PersonId = scene.Owner.PersonId, At = now.AddMinutes(1), Outcome = SignInOutcome.WrongPassword, Address = "203.0.113.7" });
        db.Tickets.Add(new Ticket { Id = Guid.NewGuid(), AccountId = account, PersonId = scene.Owner.PersonId, Subject = "Hello", CreatedAt = now, Messages = [new TicketMessage { Id = Guid.NewGuid(), PersonId = scene.Owner.PersonId, Text = "?", At = now.AddMinutes(2) }] });
        await db.SaveChangesAsync(Cancel);

        var all = await Read();

        Assert.Equal(all.OrderByDescending(e => e.At).Select(e => e.At), all.Select(e => e.At));
        Assert.Equal(["letter.continued", "sign-in.WrongPassword", "key.created", "person.locked"], all.Take(4).Select(e => e.Code));
        var charged = await db.Transfers.Where(t => t.WalletId == account && t.Code == TransferCodes.Prompt && t.Kind == TransferKind.Post).SumAsync(t => t.Amount, Cancel);
        Assert.True(charged > 0);
        Assert.Equal(-charged, all.Where(e => e.Code == "charges").Sum(e => e.Amount!.Value.Nanos));
        Assert.Equal(Money.FromAmount(20m), Assert.Single(all, e => e.Code == "topup").Amount);
        var balance = await db.LedgerAccounts.Where(a => a.WalletId == account && a.Code == LedgerCodes.CreditPurchased).SumAsync(a => a.Balance, Cancel);
        Assert.Equal(balance, all.Where(e => e.Kind == TimelineKind.Money && e.Code is "charges" or "topup").Sum(e => e.Amount!.Value.Nanos));
        Assert.Equal(3, all.Count(e => e.Code == "usage" && e.Day!.Requests == 1));

        Assert.Equal(["key.created"], (await Read(TimelineKind.Keys)).Select(e => e.Code));
        Assert.Equal(["person.locked"], (await Read(TimelineKind.Staff)).Select(e => e.Code));
        Assert.Equal(["203.0.113.7"], (await Read(TimelineKind.SignIns)).Select(e => e.Detail));
        Assert.All(await Read(TimelineKind.Usage), e => Assert.Equal("usage", e.Code));

        async Task<IReadOnlyList<TimelineEntry>> Read(params TimelineKind[] kinds) => (await Timeline(scene).Read(staff, account, kinds, 0, Cancel)).Value.Entries;
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Pages_together_have_every_entry_once_though_many_are_of_one_instant(DatabaseProvider provider)
    {
        await using var scene = await PromptScene.Start(provider);
        await using var db = scene.Database.Open();
        db.AuditEntries.AddRange(Enumerable.Range(0, 100).Select(i => new AuditEntry
        {
            At = scene.Time.GetUtcNow(), PersonId = scene.Owner.PersonId, AccountId = scene.Owner.AccountId, Action = "seat.allocated", Subject = "x", Detail = $"{i}",
        }));
        await db.SaveChangesAsync(Cancel);
        var seen = new List<string?>();

        for (var (page, more) = (0, true); more; page++)
        {
            var shown = (await Timeline(scene).Read(scene.Owner with { IsSupport = true }, scene.Owner.AccountId, [TimelineKind.Seats], page, Cancel)).Value;
            Assert.True(shown.Entries.Count <= CustomerTimeline.PageSize);
            seen.AddRange(shown.Entries.Select(e => e.Detail));
            more = shown.More;
        }

        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i}").Order(), seen.Order());
        Assert.Equal(Refusal.NotFound, (await Timeline(scene).Read(scene.Owner, scene.Owner.AccountId, [], 0, Cancel)).Refusal);
        Assert.Equal(Refusal.NotFound, (await Timeline(scene).Read(scene.Owner with { IsSupport = true }, Guid.NewGuid(), [], 0, Cancel)).Refusal);
    }

    private static CustomerTimeline Timeline(PromptScene scene) => new(scene.Database.Factory, scene.Time);
}
