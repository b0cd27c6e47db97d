using Portal.Data;
using Portal.Data.Usage;

namespace Portal.Tests.Usage.Alerts;

public sealed class AlertDeskTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_account_starts_with_a_low_balance_of_ten_yuan_and_ninety_percent_of_quota_and_eighty_of_budgets()
    {
        await using var scene = await AlertScene.Open();

        var view = (await scene.Desk.Read(scene.Owner, Cancel)).Value;
        var again = (await scene.Desk.Read(scene.Owner, Cancel)).Value;

        Assert.Equal([(AlertKind.LowBalance, 10m, true), (AlertKind.QuotaShare, 0.9m, true), (AlertKind.BudgetShare, 0.8m, true)], view.Rules.Select(r => (r.Kind, r.Threshold, r.Enabled)));
        Assert.Equal(view.Rules.Select(r => r.Id), again.Rules.Select(r => r.Id));
        Assert.Empty(view.History);
    }

    [Fact]
    public async Task What_was_raised_is_the_history_newest_first()
    {
        await using var scene = await AlertScene.Open();
        await scene.TopUp(20m);
        await scene.Spend(15m);
        await scene.NewRun().Run(Cancel);
        scene.Time.Advance(TimeSpan.FromHours(1));
        var end = scene.Time.GetUtcNow().AddDays(9);
        await scene.Grant(Unit.Images, 10, end);
        await scene.Use(Unit.Images, 10, end);
        await scene.NewRun().Run(Cancel);

        var history = (await scene.Desk.Read(scene.Owner, Cancel)).Value.History;

        Assert.Equal(
            [(AlertKind.QuotaShare, Unit.Images, 0.9m, 1m), (AlertKind.LowBalance, (Unit?)null, 10m, 5m)],
            history.Select(e => (e.Kind, e.Unit, e.Threshold, e.Value)));
    }

    [Theory]
    [InlineData(AlertKind.LowBalance, "0", "alert.balance")]
    [InlineData(AlertKind.LowBalance, "-1", "alert.balance")]
    [InlineData(AlertKind.LowBalance, "0.001", "alert.balance")]
    [InlineData(AlertKind.LowBalance, "1000000.01", "alert.balance")]
    [InlineData(AlertKind.LowBalance, "0.01", null)]
    [InlineData(AlertKind.LowBalance, "1000000", null)]
    [InlineData(AlertKind.QuotaShare, "0", "alert.share")]
    [InlineData(AlertKind.BudgetShare, "1.01", "alert.share")]
    [InlineData(AlertKind.BudgetShare, "0.75", null)]
    [InlineData(AlertKind.QuotaShare, "0.005", "alert.share")]
    [InlineData(AlertKind.QuotaShare, "1.01", "alert.share")]
    [InlineData(AlertKind.QuotaShare, "0.01", null)]
    [InlineData(AlertKind.QuotaShare, "1", null)]
    public async Task A_threshold_that_makes_no_sense_is_refused_and_changes_nothing(AlertKind kind, string threshold, string? refusal)
    {
        await using var scene = await AlertScene.Open();
        var rule = await scene.Rule(kind);
        var value = decimal.Parse(threshold, System.Globalization.CultureInfo.InvariantCulture);

        var outcome = await scene.Desk.Change(scene.Owner, rule.Id, value, enabled: false, Cancel);

        Assert.Equal(refusal, outcome.Refusal?.Code);
        var after = await scene.Rule(kind);
        Assert.Equal(refusal is null ? (value, false) : (rule.Threshold, true), (after.Threshold, after.Enabled));
    }

    [Fact]
    public async Task Members_may_not_and_rules_of_others_are_not_found()
    {
        await using var scene = await AlertScene.Open();
        var rule = await scene.Rule(AlertKind.LowBalance);

        Assert.Equal(Refusal.Forbidden, (await scene.Desk.Read(scene.Student, Cancel)).Refusal);
        Assert.Equal(Refusal.Forbidden, (await scene.Desk.Change(scene.Student, rule.Id, 1m, true, Cancel)).Refusal);
        Assert.Equal(Refusal.NotFound, (await scene.Desk.Change(await scene.Stranger(), rule.Id, 1m, true, Cancel)).Refusal);
    }
}
