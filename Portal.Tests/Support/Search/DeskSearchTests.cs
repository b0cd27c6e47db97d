using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;
using Portal.Accounts.Keys;
using Portal.Accounts.Projects;
using Portal.Accounts.SignIn;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Data.Payments;
using Portal.Data.Usage;
using Portal.Support;
using Portal.Support.Search;
using Portal.Support.Timeline;
using Portal.Tests.Accounts.Members;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Support.Search;

public sealed class DeskSearchTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Whatever_a_customer_names_is_told_by_its_form_and_found(DatabaseProvider provider)
    {
        await using var scene = await MemberScene.Start(provider);
        var staff = scene.Stranger with { IsSupport = true };
        var secret = (await scene.Get<ApiKeys>().Create(scene.Owner, new KeyTerms("Website", (await scene.Get<ProjectDesk>().Create(scene.Owner, "Shop", Cancel)).Value), Cancel)).Value.Secret;
        var (payment, request, hold) = await Write(scene);
        var ticket = (await scene.Get<TicketDesk>().Open(scene.Student, "Where is it?", "Text", Guid.NewGuid(), cancel: Cancel)).Value;

        Assert.Equal(FoundKind.Payment, await Only($"{payment}"));
        Assert.Equal(FoundKind.Payment, await Only("pi_1"));
        Assert.Equal(FoundKind.Payment, await Only("cs_1"));
        Assert.Equal(FoundKind.Refund, await Only("re_1"));
        Assert.Equal(FoundKind.Invoice, await Only(" inv-2026-000007 "));
        Assert.Equal(FoundKind.Request, await Only($"{request}"));
        Assert.Equal(FoundKind.Request, await Only($"{request:N}"));
        Assert.Equal(FoundKind.Hold, await Only($"{hold}"));
        Assert.Equal(FoundKind.ApiKey, await Only(secret));
        Assert.Equal(FoundKind.ApiKey, await Only(secret[..KeySecret.PrefixLength]));
        Assert.Equal(FoundKind.Ticket, await Only($"{ticket}"));
        Assert.Equal(FoundKind.Account, await Only($"{scene.Account}"));

        var people = await Find("student@SCHOOL");
        Assert.Empty(people.Things);
        Assert.Equal("student@school.example", Assert.Single(people.People).Email);
        foreach (var nothing in new[] { "pi_2", "INV-2026-000008", $"{Guid.NewGuid()}", "pk_zzzzzzzz", "nobody@nowhere", "x'; --", "a\0b\u0001c%_" }) Assert.True((await Find(nothing)).None, nothing);

        async Task<Findings> Find(string text) => (await scene.Get<DeskSearch>().Find(staff, text, Cancel)).Value;

        async Task<FoundKind> Only(string text)
        {
            var thing = Assert.Single((await Find(text)).Things);
            Assert.Equal(scene.Account, thing.AccountId);
            Assert.DoesNotContain(secret, $"{thing}", StringComparison.Ordinal);
            return thing.Kind;
        }
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Whose_address_was_changed_is_found_by_the_one_before_and_the_timeline_tells_of_it(DatabaseProvider provider)
    {
        const string Before = "student@school.example", After = "thief@nowhere.example";
        await using var scene = await MemberScene.Start(provider);
        var (staff, people) = (scene.Stranger with { IsSupport = true }, scene.Get<UserManager<Person>>());
        var person = (await people.FindByEmailAsync(Before))!;
        var proof = await people.GenerateChangeEmailTokenAsync(person, After);
        Assert.Null((await scene.Get<AddressDesk>().Confirm($"{person.Id}", WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes($"{After}\n{proof}")), Cancel)).Refusal);

        Assert.Equal(After, Assert.Single((await scene.Get<DeskSearch>().Find(staff, Before.ToUpperInvariant(), Cancel)).Value.People).Email);
        var entry = Assert.Single((await scene.Get<CustomerTimeline>().Read(staff, scene.Account, [TimelineKind.SignIns], 0, Cancel)).Value.Entries);
        Assert.Equal((AddressDesk.Action, $"{Before} → {After}"), (entry.Code, entry.Detail));
    }

    [Fact]
    public async Task Customers_search_nothing_and_two_letters_are_too_few()
    {
        await using var scene = await MemberScene.Start(DatabaseProvider.Sqlite);

        Assert.Equal(Refusal.NotFound, (await scene.Get<DeskSearch>().Find(scene.Owner, "student@school.example", Cancel)).Refusal);
        Assert.Equal("search.short", (await scene.Get<DeskSearch>().Find(scene.Owner with { IsSupport = true }, " a\0b ", Cancel)).Refusal?.Code);
    }

    private static async Task<(Guid Payment, Guid Request, Guid Hold)> Write(MemberScene scene)
    {
        var (payment, request, hold, now) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), scene.Time.GetUtcNow());
        await using var db = scene.Open();
        db.Payments.Add(new Payment { Id = payment, AccountId = scene.Account, PersonId = scene.Owner.PersonId, AmountNanos = 10_000_000, FormKey = "1", SessionId = "cs_1", PaymentIntentId = "pi_1", CreatedAt = now });
        db.Refunds.Add(new Refund { Id = Guid.NewGuid(), PaymentId = payment, AccountId = scene.Account, RequesterId = Guid.NewGuid(), AmountNanos = 10_000_000, Reason = "x", GatewayId = "re_1", CreatedAt = now });
        db.Invoices.Add(new Invoice { Id = Guid.NewGuid(), AccountId = scene.Account, Kind = InvoiceKind.Plan, Year = 2026, Sequence = 7, Number = "INV-2026-000007", IssuedAt = now, BuyerName = "School", Reference = "x" });
        db.UsageRecords.Add(new UsageRecord { Id = request, AccountId = scene.Account, PersonId = scene.Student.PersonId, MembershipId = scene.Student.MembershipId, Model = "guide", At = now, Finish = "stop", Receipt = "{}" });
        db.Add(new Hold { Id = hold, WalletId = scene.Account, State = HoldState.Voided, CreatedAt = now, Quote = "{}" });
        await db.SaveChangesAsync(Cancel);
        return (payment, request, hold);
    }
}
