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
        var staff = scene.Owner with { PersonId = Guid.NewGuid(), IsSupport = true };
        var terms = new AccountTerms(scene.Database.Factory, scene.Time);
        scene.Text.Say(10);
        var before = (await scene.Run(PromptScene.Say("how to top up"))).Receipt!;

        Assert.Null((await terms.Set(staff, scene.Owner.AccountId, education: true, contractMonths: 12)).Refusal);
        Assert.Null((await terms.Set(staff, scene.Owner.AccountId, education: true, contractMonths: 12)).Refusal);
        var after = (await scene.Run(PromptScene.Say("how to top up"))).Receipt!;

        Assert.True(after.ChargedNanos < before.ChargedNanos);
        await using var db = scene.Database.Open();
        var deed = await db.AuditEntries.SingleAsync(TestContext.Current.CancellationToken);
        Assert.Equal(("account.terms", staff.PersonId, scene.Owner.AccountId, "education yes, contract 12 months"), (deed.Action, deed.PersonId, deed.AccountId!.Value, deed.Detail));
    }

    [Fact]
    public async Task Customers_set_no_terms_and_made_up_ones_are_refused()
    {
        await using var scene = await PromptScene.Start();
        var staff = scene.Owner with { IsSupport = true };
        var terms = new AccountTerms(scene.Database.Factory, scene.Time);

        Assert.Equal(Refusal.NotFound, (await terms.Set(scene.Owner, scene.Owner.AccountId, true, 12)).Refusal);
        Assert.Equal(Refusal.NotFound, (await terms.Set(staff, Guid.NewGuid(), true, 12)).Refusal);
        Assert.Equal(new Refusal("terms.months", "120"), (await terms.Set(staff, scene.Owner.AccountId, true, -1)).Refusal);
        Assert.Equal(new Refusal("terms.months", "120"), (await terms.Set(staff, scene.Owner.AccountId, true, 121)).Refusal);
        await using var db = scene.Database.Open();
        Assert.False(await db.Accounts.AnyAsync(a => a.Education || a.ContractMonths != 0, TestContext.Current.CancellationToken));
    }
}
