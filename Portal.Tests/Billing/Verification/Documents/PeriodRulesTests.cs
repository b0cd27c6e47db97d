using Microsoft.EntityFrameworkCore;
using Portal.Billing.Verification;
using Portal.Billing.Verification.Rows;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Tests.Fixtures;
using Portal.Tests.Support.Charges;

namespace Portal.Tests.Billing.Verification.Documents;

/// <summary>Periods, the credits of upgrades, years and prompts that were given back are proved: each of these rows, changed by hand, is named.</summary>
public sealed class PeriodRulesTests
{
    /// <summary>Rules that speak of every row there ever was.</summary>
    private static readonly string[] OnlyOfTheWhole = ["tier.used", "adjust.month"];

    private static readonly (string Rule, string Sql)[] Changes =
    [
        ("period.fee", """UPDATE "SubscriptionPeriods" SET "FeeNanos" = "FeeNanos" + 1 WHERE "Month" = 0"""),
        ("period.fee", """UPDATE "SubscriptionPeriods" SET "FeeNanos" = "FeeNanos" - 2 WHERE "Month" = 1"""),
        ("period.fee", """UPDATE "SubscriptionPeriods" SET "ReturnedNanos" = 1"""),
        ("invoice.credit", """UPDATE "InvoiceLine" SET "AmountNanos" = "AmountNanos" - 100000000 WHERE "Kind" = 'credit'"""),
        ("invoice.credit", """UPDATE "InvoiceLine" SET "Kind" = 'plan' WHERE "Kind" = 'credit'"""),
        ("invoice.credit", """DELETE FROM "Transfers" WHERE "Code" = 'plan.take-back'"""),
        ("invoice.credit", """UPDATE "SubscriptionPeriods" SET "PaidEnd" = "PaidEnd" + 864000000000"""),
        ("subscription.term-fee", """UPDATE "Subscriptions" SET "TermFeeNanos" = "TermFeeNanos" + 100"""),
        ("subscription.term-fee", """UPDATE "Subscriptions" SET "TermFeeNanos" = NULL"""),
        ("usage.returned", """UPDATE "UsageReturns" SET "Nanos" = "Nanos" - 1"""),
        ("usage.returned", """UPDATE "UsageReturns" SET "TierUnits" = 7"""),
        ("usage.returned", """DELETE FROM "UsageReturns" """),
        ("usage.returned", """UPDATE "Transfers" SET "Code" = 'prompt.returned-repaid', "CreditId" = "DebitId" WHERE "Code" = 'prompt.returned'"""),
        ("tier.used", """UPDATE "UsageReturns" SET "TierUnits" = 0"""),
        ("adjust.month", """UPDATE "UsageReturns" SET "Nanos" = "Nanos" - 1"""),
    ];

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_changed_row_is_named_with_the_rule_it_breaks(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var (ada, bob) = (await scene.OpenAccountAsync(credit: 3000), await scene.OpenAccountAsync(credit: 3000));
        Assert.Null((await scene.ChooseAsync(ada, "image-basic")).Refusal);
        var year = (await scene.Desk.Quote(bob, "image-basic", term: PlanTerm.Yearly)).Value;
        Assert.Null((await scene.Desk.Choose(bob, year, "year")).Refusal);
        scene.Time.Advance(TimeSpan.FromDays(10));
        Assert.Null((await scene.ChooseAsync(ada, "image-advanced")).Refusal);
        scene.Time.Advance(TimeSpan.FromDays(25));
        await scene.ExpireAsync();
        await scene.RenewAsync();
        var request = await ChargedPrompts.ChargeAsync(scene.Ledger, scene.Time, ada, 1000, 900);
        Assert.Null((await ChargedPrompts.Desk(scene).GiveBack(await scene.OpenAccountAsync() with { IsSupport = true }, request, "It was empty")).Refusal);
        await scene.AssertBooksAsync();

        foreach (var (rule, sql) in Changes)
        {
            var rules = await ChangedAsync(scene, sql, null);
            Assert.True(rules.Contains(rule), $"{rule} is not found after {sql}");
            Assert.True(await ChangedAsync(scene, sql, WalletBeginning(scene)) is var since && since.Contains(rule) != OnlyOfTheWhole.Contains(rule), $"{rule} with a beginning, after {sql}");
        }
    }

    private static DateTimeOffset WalletBeginning(BillingScene scene) => scene.Time.GetUtcNow().AddDays(-40);

    private static async Task<HashSet<string>> ChangedAsync(BillingScene scene, string sql, DateTimeOffset? since)
    {
        await using var db = scene.Open();
        await using var transaction = await db.Database.BeginTransactionAsync();
        Assert.NotEqual(0, await db.Database.ExecuteSqlRawAsync(sql));
        var read = await BookVerifier.Verify(BookSnapshot.Of(db), scene.Time.GetUtcNow(), VerifierLimits.Default, since, null, CancellationToken.None);
        return [.. read.Findings.Select(f => f.Rule)];
    }
}
