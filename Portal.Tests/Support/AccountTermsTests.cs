using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Support;
using Portal.Tests.Fixtures;
using Portal.Tests.Prompts;

namespace Portal.Tests.Support;

public sealed class AccountTermsTests
{
    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Education_and_a_contract_make_the_next_prompt_cheaper_and_the_audit_tells_who_agreed(DatabaseProvider provider)
    {
        await using var scene = await PromptScene.Start(provider, yuan: 1);
        var staff = scene.Owner with { PersonId = Guid.NewGuid(), IsAdministrator = true };
        var terms = new AccountTerms(scene.Ledger);
        scene.Text.Say(10);
        var before = (await scene.Run(PromptScene.Say("how to top up"))).Receipt!;

        Assert.Null((await terms.Set(staff, scene.Owner.AccountId, education: true, contractMonths: 12, Money.Zero, "Certificate of 2026")).Refusal);
        Assert.Null((await terms.Set(staff, scene.Owner.AccountId, education: true, contractMonths: 12, Money.Zero, "Certificate of 2026")).Refusal);
        var after = (await scene.Run(PromptScene.Say("how to top up"))).Receipt!;

        Assert.True(after.ChargedNanos < before.ChargedNanos);
        await using var db = scene.Database.Open();
        var deed = await db.AuditEntries.SingleAsync(TestContext.Current.CancellationToken);
        Assert.Equal(("account.terms", staff.PersonId, scene.Owner.AccountId, "education yes, contract 12 months, on account up to 0.00: Certificate of 2026"), (deed.Action, deed.PersonId, deed.AccountId!.Value, deed.Detail));
    }

    [Fact]
    public async Task Customers_set_no_terms_and_made_up_ones_are_refused()
    {
        await using var scene = await PromptScene.Start();
        var staff = scene.Owner with { PersonId = Guid.NewGuid(), IsAdministrator = true };
        var terms = new AccountTerms(scene.Ledger);

        Assert.Equal(Refusal.NotFound, await Set(scene.Owner, scene.Owner.AccountId, 12, 0));
        Assert.Equal(Refusal.NotFound, await Set(scene.Owner with { IsSupport = true }, scene.Owner.AccountId, 12, 0));
        Assert.Equal(Refusal.NotFound, await Set(staff, Guid.NewGuid(), 12, 0));
        Assert.Equal(new Refusal("terms.months", "120"), await Set(staff, scene.Owner.AccountId, -1, 0));
        Assert.Equal(new Refusal("terms.months", "120"), await Set(staff, scene.Owner.AccountId, 121, 0));
        Assert.Equal("terms.postpaid", (await Set(staff, scene.Owner.AccountId, 12, -1))?.Code);
        Assert.Equal("terms.postpaid", (await Set(staff, scene.Owner.AccountId, 12, 1))?.Code);
        Assert.Equal("terms.postpaid", (await Set(staff, scene.Owner.AccountId, 12, long.MaxValue / 2))?.Code);
        Assert.Equal("reason.missing", (await terms.Set(staff, scene.Owner.AccountId, true, 12, Money.Zero, " ")).Refusal?.Code);
        Assert.Equal("adjust.own", (await Set(scene.Owner with { IsAdministrator = true }, scene.Owner.AccountId, 12, 0))?.Code);
        await using var db = scene.Database.Open();
        Assert.False(await db.Accounts.AnyAsync(a => a.Education || a.ContractMonths != 0, TestContext.Current.CancellationToken));

        async Task<Refusal?> Set(Caller caller, Guid account, int months, long nanos) => (await terms.Set(caller, account, true, months, new Money(nanos), "Contract")).Refusal;
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task An_account_goes_on_account_up_to_its_limit_and_the_limit_not_below_what_is_in_use(DatabaseProvider provider)
    {
        await using var scene = await PromptScene.Start(provider);
        var staff = scene.Owner with { PersonId = Guid.NewGuid(), IsAdministrator = true };
        var terms = new AccountTerms(scene.Ledger);
        Assert.Equal("funds.short", (await scene.Runner.Start(scene.Owner, PromptScene.Say("how to top up"), TestContext.Current.CancellationToken)).Refusal?.Code);

        Assert.Null((await terms.Set(staff, scene.Owner.AccountId, false, 0, Money.FromAmount(1m), "Contract 7")).Refusal);
        scene.Text.Say(5);
        Assert.NotNull((await scene.Run(PromptScene.Say("how to top up"))).Receipt);

        Assert.Equal("postpaid.in-use", (await terms.Set(staff, scene.Owner.AccountId, true, 0, Money.Zero, "It ended")).Refusal?.Code);
        await using var db = scene.Database.Open();
        Assert.False(await db.Accounts.AnyAsync(a => a.Education, TestContext.Current.CancellationToken));
        Assert.Equal("education no, contract 0 months, on account up to 1.00: Contract 7", (await db.AuditEntries.SingleAsync(TestContext.Current.CancellationToken)).Detail);
    }
}
