using Microsoft.EntityFrameworkCore;
using Portal.Accounts.Keys;
using Portal.Accounts;
using Portal.Accounts.Budgets;
using Portal.Accounts.Projects;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Tests.Fixtures;
using Portal.Tests.Prompts;

namespace Portal.Tests.Accounts.Budgets;

public sealed class BudgetDeskTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task What_a_key_uses_counts_in_its_budget_and_beyond_it_a_prompt_is_refused_with_its_name(DatabaseProvider provider)
    {
        await using var scene = await PromptScene.Start(provider, yuan: 10);
        var desk = Desk(scene);
        var key = await Key(scene, scene.Owner);
        await Done(desk.Set(scene.Owner, key.ApiKeyId!.Value, CapMeter.Tokens, CapWindow.Day, 20));
        scene.Text.Say(5);

        Assert.NotNull((await (await scene.Runner.Start(key, PromptScene.Say("how to top up", maxTokens: 5), Cancel)).Value.Completion).Receipt);
        var refused = (await scene.Runner.Start(key, PromptScene.Say("how to top up", maxTokens: 50), Cancel)).Refusal!;

        var budget = Assert.Single(await desk.Read(scene.Owner, Cancel));
        Assert.Equal((BudgetScope.Key, "Website", 20L, 0L), (budget.Scope, budget.Name, budget.Limit!.Value, budget.Held));
        Assert.InRange(budget.Used, 6, 20);
        Assert.Equal(("cap.tokens", "word:cap.of.key", budget.Ends), (refused.Code, refused.Args[2], refused.Args[4]));
        scene.Text.Say(5);
        Assert.NotNull((await (await scene.Runner.Start(scene.Owner, PromptScene.Say("how to top up", maxTokens: 50), Cancel)).Value.Completion).Receipt);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Each_of_account_project_key_and_member_has_its_own_budget_and_the_audit_tells_who_set_it_once(DatabaseProvider provider)
    {
        await using var scene = await PromptScene.Start(provider);
        var (desk, owner) = (Desk(scene), scene.Owner);
        var student = await scene.Student();
        var key = await Key(scene, owner);
        foreach (var subject in (Guid[])[owner.AccountId, owner.ProjectId, key.ApiKeyId!.Value, student.MembershipId])
        {
            await Done(desk.Set(owner, subject, CapMeter.Money, CapWindow.Day, 5_000_000_000));
            await Done(desk.Set(owner, subject, CapMeter.Money, CapWindow.Day, 5_000_000_000));
        }

        await Done(desk.Set(owner, owner.AccountId, CapMeter.Money, CapWindow.Day, null));

        Assert.Equal(
            [(BudgetScope.Account, (long?)null), (BudgetScope.Project, 5_000_000_000), (BudgetScope.Key, 5_000_000_000), (BudgetScope.Seat, 5_000_000_000)],
            (await desk.Read(owner, Cancel)).Select(b => (b.Scope, b.Limit)));
        await using var db = scene.Database.Open();
        var deeds = await db.AuditEntries.Where(a => a.Action.StartsWith("budget.")).OrderBy(a => a.Id).ToListAsync(Cancel);
        Assert.Equal(
            ["account: no limit → 5 yuan, day", "project Default: no limit → 5 yuan, day", $"key {(await db.ApiKeys.SingleAsync(Cancel)).Prefix}… Website: no limit → 5 yuan, day",
                "member student@example.com: no limit → 5 yuan, day", "account: 5 yuan → no limit, day"],
            deeds.Select(d => d.Detail));
        Assert.All(deeds, d => Assert.Equal(owner.PersonId, d.PersonId));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_member_sets_the_budget_of_their_own_key_and_of_nothing_else(DatabaseProvider provider)
    {
        await using var scene = await PromptScene.Start(provider);
        var (desk, owner) = (Desk(scene), scene.Owner);
        var student = await scene.Student();
        var (own, others) = ((await Key(scene, student)).ApiKeyId!.Value, (await Key(scene, owner)).ApiKeyId!.Value);
        await Done(desk.Set(owner, student.MembershipId, CapMeter.Tokens, CapWindow.Day, 100));
        await Done(desk.Set(owner, others, CapMeter.Tokens, CapWindow.Day, 100));

        await Done(desk.Set(student, own, CapMeter.Tokens, CapWindow.Day, 10));

        Assert.Equal(Refusal.Forbidden, (await desk.Set(student, owner.AccountId, CapMeter.Tokens, CapWindow.Day, 10, Cancel)).Refusal);
        foreach (var subject in (Guid[])[others, owner.ProjectId, student.MembershipId, owner.MembershipId, Guid.NewGuid()])
            Assert.Equal(Refusal.NotFound, (await desk.Set(student, subject, CapMeter.Tokens, CapWindow.Day, 10, Cancel)).Refusal);
        Assert.Equal([own, student.MembershipId], (await desk.Read(student, Cancel)).Select(b => b.SubjectId));
    }

    [Fact]
    public async Task A_member_may_tighten_the_budget_of_their_key_and_neither_raise_nor_lift_it()
    {
        await using var scene = await PromptScene.Start();
        var (desk, student) = (Desk(scene), await scene.Student());
        var own = (await Key(scene, student)).ApiKeyId!.Value;
        await Done(desk.Set(scene.Owner, own, CapMeter.Tokens, CapWindow.Day, 100));

        foreach (var limit in (long?[])[101, null])
            Assert.Equal("budget.raise", (await desk.Set(student, own, CapMeter.Tokens, CapWindow.Day, limit, Cancel)).Refusal?.Code);
        await Done(desk.Set(student, own, CapMeter.Tokens, CapWindow.Day, 50));
        await Done(desk.Set(student, own, CapMeter.Money, CapWindow.Day, 5_000_000_000));
        await Done(desk.Set(scene.Owner, own, CapMeter.Tokens, CapWindow.Day, null));

        Assert.Equal([null, 5_000_000_000], (await desk.Read(student, Cancel)).OrderBy(b => b.Limit ?? 0).Select(b => b.Limit));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task What_belongs_to_another_account_or_is_gone_is_not_found(DatabaseProvider provider)
    {
        await using var scene = await PromptScene.Start(provider);
        var (desk, owner) = (Desk(scene), scene.Owner);
        var key = (await Key(scene, owner)).ApiKeyId!.Value;
        var (account, seat) = await Books.OpenAccount(scene.Database.Factory, scene.Time);
        var stranger = owner with { AccountId = account.Id, MembershipId = seat.Id, PersonId = seat.PersonId };

        foreach (var subject in (Guid[])[owner.AccountId, owner.ProjectId, key, owner.MembershipId])
            Assert.Equal(Refusal.NotFound, (await desk.Set(stranger, subject, CapMeter.Money, CapWindow.Total, 1, Cancel)).Refusal);

        await Done(desk.Set(owner, key, CapMeter.Money, CapWindow.Total, 1));
        Assert.Null((await new ApiKeys(scene.Database.Factory, scene.Time, new KeyDoor(scene.Database.Factory, scene.Time)).Revoke(owner, key, Cancel)).Refusal);
        Assert.Equal(Refusal.NotFound, (await desk.Set(owner, key, CapMeter.Money, CapWindow.Total, 2, Cancel)).Refusal);
        Assert.Empty(await desk.Read(owner, Cancel));
        Assert.Empty(await desk.Read(stranger, Cancel));
    }

    [Fact]
    public async Task Programs_and_people_who_left_set_no_budget()
    {
        await using var scene = await PromptScene.Start();
        var desk = Desk(scene);
        var key = await Key(scene, scene.Owner);

        Assert.Equal(Refusal.Forbidden, (await desk.Set(key, key.ApiKeyId!.Value, CapMeter.Money, CapWindow.Day, 1, Cancel)).Refusal);
        Assert.Equal(Refusal.Forbidden, (await desk.Set(scene.Owner with { MembershipId = Guid.NewGuid() }, scene.Owner.AccountId, CapMeter.Money, CapWindow.Day, 1, Cancel)).Refusal);
    }

    [Theory]
    [InlineData(CapMeter.Money, -1, "budget.money")]
    [InlineData(CapMeter.Money, long.MaxValue, "budget.money")]
    [InlineData(CapMeter.Money, 1_000_000_000_000_000_000, null)]
    [InlineData(CapMeter.Tokens, -1, "budget.units")]
    [InlineData(CapMeter.Tokens, 1_000_000_000_000_001, "budget.units")]
    [InlineData(CapMeter.Images, 1_000_000_000_000_000, null)]
    [InlineData((CapMeter)7, 1, "budget.units")]
    public async Task A_limit_that_makes_no_sense_is_refused_and_changes_nothing(CapMeter meter, long limit, string? refusal)
    {
        await using var scene = await PromptScene.Start();
        var desk = Desk(scene);

        Assert.Equal(refusal, (await desk.Set(scene.Owner, scene.Owner.AccountId, meter, CapWindow.Day, limit, Cancel)).Refusal?.Code);

        Assert.Equal(refusal is null ? 1 : 0, (await desk.Read(scene.Owner, Cancel)).Count);
    }

    [Fact]
    public async Task A_budget_of_zero_allows_nothing()
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        await Done(Desk(scene).Set(scene.Owner, scene.Owner.AccountId, CapMeter.Money, CapWindow.Day, 0));

        Assert.Equal("cap.money", (await scene.Runner.Start(scene.Owner, PromptScene.Say("how to top up"), Cancel)).Refusal?.Code);
    }

    [Theory]
    [InlineData(CapMeter.Money, "12.5", 12_500_000_000L)]
    [InlineData(CapMeter.Money, "￥１２．５", 12_500_000_000)]
    [InlineData(CapMeter.Money, "0", 0L)]
    [InlineData(CapMeter.Money, "1,5", null)]
    [InlineData(CapMeter.Money, "0.001", null)]
    [InlineData(CapMeter.Money, "-1", null)]
    [InlineData(CapMeter.Money, "79228162514264337593543950336", null)]
    [InlineData(CapMeter.Money, "", null)]
    [InlineData(CapMeter.Tokens, "1,000,000", 1_000_000L)]
    [InlineData(CapMeter.Tokens, "1.5", null)]
    [InlineData(CapMeter.Tokens, "9223372036854775808", null)]
    [InlineData(CapMeter.Images, " 20 ", 20L)]
    [InlineData(CapMeter.Images, "twenty", null)]
    public void A_limit_is_read_as_it_is_typed(CapMeter meter, string typed, long? limit)
    {
        var read = BudgetLimit.Read(meter, typed);

        Assert.Equal(limit, read.Refusal is null ? read.Value : null);
        if (limit is { } most) Assert.Equal(most, BudgetLimit.Read(meter, BudgetLimit.Write(meter, most)).Value);
    }

    private static BudgetDesk Desk(PromptScene scene) => new(scene.Database.Factory, scene.Ledger, scene.Time);

    private static async Task<Caller> Key(PromptScene scene, Caller owner)
    {
        var made = (await new ApiKeys(scene.Database.Factory, scene.Time, new KeyDoor(scene.Database.Factory, scene.Time)).Create(owner, new KeyTerms("Website"), Cancel)).Value;
        return (await new KeyDoor(scene.Database.Factory, scene.Time).Open(made.Secret, Cancel)).Value;
    }

    private static async Task Done(Task<Outcome<Done>> command) => Assert.Null((await command).Refusal);
}
