using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Usage;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Usage.Alerts;

public sealed class AlertRunTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task B19_a_low_balance_is_told_on_crossing_only_and_once_a_day(DatabaseProvider provider)
    {
        await using var scene = await AlertScene.Open(provider);
        var run = scene.NewRun();
        await scene.TopUp(20m);
        Assert.Equal(0, await run.Run(Cancel));

        await scene.Spend(10.01m);
        Assert.Equal(1, await run.Run(Cancel));
        Assert.Equal(0, await run.Run(Cancel));
        await scene.Spend(1m);
        Assert.Equal(0, await run.Run(Cancel));

        await scene.TopUp(50m);
        Assert.Equal(0, await run.Run(Cancel));
        await scene.Spend(50m);
        Assert.Equal(0, await run.Run(Cancel));

        await scene.TopUp(50m);
        Assert.Equal(0, await run.Run(Cancel));
        scene.Time.Advance(TimeSpan.FromDays(1));
        await scene.Spend(50m);
        Assert.Equal(1, await run.Run(Cancel));

        Assert.Equal([("2026-07-01", 9.99m), ("2026-07-02", 8.99m)], (await scene.Events()).Select(e => (e.Window, e.Value)));
    }

    [Fact]
    public async Task The_letter_goes_to_those_who_manage_billing_in_their_language()
    {
        await using var scene = await AlertScene.Open();
        await scene.TopUp(20m);
        await scene.Spend(12.5m);

        Assert.Equal(1, await scene.NewRun().Run(Cancel));

        var mails = (await scene.Mails()).OrderBy(m => m.To).ToList();
        Assert.Equal(["admin@example.com", "owner@example.com"], mails.Select(m => m.To));
        Assert.Equal(["Your balance is low: ¥7.50", "余额不足：¥7.50"], mails.Select(m => m.Subject));
        Assert.All(mails, mail => Assert.Contains("https://portal.example.org/billing", mail.Html, StringComparison.Ordinal));
        Assert.Contains("lang=\"zh-CN\"", mails[1].Html, StringComparison.Ordinal);
        Assert.All(mails, mail => Assert.Equal(scene.Time.GetUtcNow(), mail.NextAttemptAt));
    }

    [Fact]
    public async Task An_account_that_never_had_money_is_not_low_until_it_had_some()
    {
        await using var scene = await AlertScene.Open();
        var run = scene.NewRun();
        Assert.Equal(0, await run.Look(scene.Owner.AccountId, Cancel));

        await scene.TopUp(20m);
        Assert.Equal(0, await run.Run(Cancel));
        await scene.Spend(15m);
        Assert.Equal(1, await run.Run(Cancel));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task B19_ninety_percent_of_a_quota_is_told_once_a_unit_and_period(DatabaseProvider provider)
    {
        await using var scene = await AlertScene.Open(provider);
        var run = scene.NewRun();
        var july = scene.Time.GetUtcNow().AddDays(30);
        await scene.Grant(Unit.Tokens, 1_000, july);
        await scene.Grant(Unit.Images, 10, july);
        await scene.Use(Unit.Tokens, 899, july);
        Assert.Equal(0, await run.Run(Cancel));

        await scene.Use(Unit.Tokens, 1, july);
        Assert.Equal(1, await run.Run(Cancel));
        await scene.Use(Unit.Tokens, 100, july);
        Assert.Equal(0, await run.Run(Cancel));
        await scene.Use(Unit.Images, 9, july);
        Assert.Equal(1, await run.Run(Cancel));
        Assert.Equal(0, await scene.NewRun().Run(Cancel));

        scene.Time.Advance(TimeSpan.FromDays(30));
        var august = scene.Time.GetUtcNow().AddDays(31);
        await scene.Grant(Unit.Tokens, 1_000, august);
        Assert.Equal(0, await run.Run(Cancel));
        await scene.Use(Unit.Tokens, 950, august);
        Assert.Equal(1, await run.Run(Cancel));

        Assert.Equal(
            [("Tokens:2026-07-31T04:00:00Z", 0.9m), ("Images:2026-07-31T04:00:00Z", 0.9m), ("Tokens:2026-08-31T04:00:00Z", 0.95m)],
            (await scene.Events()).OrderBy(e => e.At).ThenByDescending(e => e.Window).Select(e => (e.Window, e.Value)));
        Assert.Contains("90% of your tokens are used", (await scene.Mails()).Select(m => m.Subject));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task B19_eighty_percent_of_every_budget_is_told_once_each_time_that_it_starts_again(DatabaseProvider provider)
    {
        await using var scene = await AlertScene.Open(provider);
        var run = scene.NewRun();
        await scene.TopUp(1_000m);
        var (project, key) = await scene.Key("Website");
        await scene.Budget(key, CapWindow.Day, 100);
        await scene.Budget(project, CapWindow.Total, 10_000);
        await scene.Budget(scene.Student.MembershipId, CapWindow.Day, 100);
        await scene.Budget(scene.Owner.AccountId, CapWindow.Day, 0, CapMeter.Images);
        await scene.Prompt(scene.Owner, project, key, 79);
        Assert.Equal(0, await run.Run(Cancel));

        await scene.Prompt(scene.Owner, project, key, 1);
        Assert.Equal(1, await run.Run(Cancel));
        await scene.Prompt(scene.Owner, project, key, 5);
        Assert.Equal(0, await run.Run(Cancel));
        await scene.Prompt(scene.Student, project, null, 90);
        Assert.Equal(1, await run.Run(Cancel));

        scene.Time.Advance(TimeSpan.FromDays(1));
        await scene.Prompt(scene.Owner, project, key, 100);
        Assert.Equal(1, await run.Run(Cancel));
        await scene.Budget(project, CapWindow.Total, 300);
        Assert.Equal(1, await run.Run(Cancel));
        Assert.Equal(0, await scene.NewRun().Run(Cancel));

        Assert.Equal(
            ((string[])[$"cap:day:2026-07-01:{key:N}:1 0.8", $"cap:day:2026-07-01:{scene.Student.MembershipId:N}:1 0.9", $"cap:day:2026-07-02:{key:N}:1 1", $"cap:total:{project:N}:1 0.91"]).Order(StringComparer.Ordinal),
            (await scene.Events()).Select(e => FormattableString.Invariant($"{e.Window} {decimal.Floor(e.Value * 100) / 100:0.##}")).Order(StringComparer.Ordinal));
        Assert.Contains("80% of the budget of the API key “Website” is used", (await scene.Mails()).Select(m => m.Subject));
        Assert.Contains("项目“Default”的预算已使用 91%", (await scene.Mails()).Select(m => m.Subject));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Nodes_that_look_at_the_same_time_tell_once(DatabaseProvider provider)
    {
        await using var scene = await AlertScene.Open(provider);
        await scene.TopUp(20m);
        await scene.Spend(15m);

        var raised = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => scene.NewRun().Run(Cancel), Cancel)));

        Assert.Equal(1, raised.Sum());
        Assert.Single(await scene.Events());
        Assert.Equal(2, (await scene.Mails()).Count);
        Assert.Equal([AlertKind.LowBalance, AlertKind.QuotaShare, AlertKind.BudgetShare], (await scene.Desk.Read(scene.Owner, Cancel)).Value.Rules.Select(r => r.Kind));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task An_account_whose_alerts_fail_keeps_no_other_waiting_and_is_tried_again(DatabaseProvider provider)
    {
        await using var scene = await AlertScene.Open(provider);
        var (run, stranger) = (scene.NewRun(), await scene.Stranger());
        await scene.TopUp(5m);
        await scene.TopUp(5m, stranger);
        await scene.Speak(stranger, "??");

        Assert.Equal(1, await run.Run(Cancel));
        Assert.Equal(scene.Owner.AccountId, Assert.Single(await scene.Events()).AccountId);

        await scene.Speak(stranger, "en");
        Assert.Equal(1, await run.Run(Cancel));
        Assert.Equal(0, await run.Run(Cancel));
    }

    [Fact]
    public async Task A_rule_that_is_switched_off_tells_nothing()
    {
        await using var scene = await AlertScene.Open();
        var rule = await scene.Rule(AlertKind.LowBalance);
        Assert.Null((await scene.Desk.Change(scene.Owner, rule.Id, 10m, enabled: false, Cancel)).Refusal);
        await scene.TopUp(20m);
        await scene.Spend(15m);

        Assert.Equal(0, await scene.NewRun().Run(Cancel));
        Assert.Empty(await scene.Mails());
    }

    [Fact]
    public async Task Moving_the_line_past_the_balance_is_no_crossing()
    {
        await using var scene = await AlertScene.Open();
        await scene.TopUp(20m);
        var rule = await scene.Rule(AlertKind.LowBalance);

        Assert.Null((await scene.Desk.Change(scene.Owner, rule.Id, 30m, enabled: true, Cancel)).Refusal);
        Assert.Equal(0, await scene.NewRun().Run(Cancel));
        Assert.True((await scene.Rule(AlertKind.LowBalance)).Reached);

        await scene.TopUp(20m);
        Assert.Equal(0, await scene.NewRun().Run(Cancel));
        await scene.Spend(11m);
        Assert.Equal(1, await scene.NewRun().Run(Cancel));
    }
}
