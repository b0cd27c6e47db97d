using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Portal.Accounts.Trials;
using Portal.Billing.Ledger;
using Portal.Billing.Points;
using Portal.Billing.Verification;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Payments.Refunds;

namespace Portal.Tests.Billing.Verification.Perks;

/// <summary>What is given away is proved like everything else: each of these rows, changed by hand, is named.</summary>
public sealed class PerkRulesTests
{
    public static TheoryData<string, string> Changes => new()
    {
        { "points.entry", "UPDATE PointsEntries SET Points = Points + 1 WHERE Task = 'check-in'" },
        { "points.entry", "UPDATE PointsEntries SET CreditNanos = CreditNanos + 1 WHERE Task = 'redeem'" },
        { "points.unknown", "DELETE FROM PointsEntries WHERE Task = 'first-top-up'" },
        { "trial.credit", "UPDATE TrialClaims SET GrantedNanos = GrantedNanos + 1" },
        { "trial.unknown", "DELETE FROM TrialClaims" },
        { "bonus.credit", "UPDATE Payments SET BonusNanos = BonusNanos + 1 WHERE BonusNanos > 0" },
        { "bonus.taken", "UPDATE Payments SET BonusNanos = AmountNanos + 1 WHERE BonusNanos > 0" },
        { "bonus.unknown", "UPDATE Payments SET BonusNanos = 0" },
    };

    [Theory, MemberData(nameof(Changes))]
    public async Task A_changed_row_is_named(string rule, string sql)
    {
        await using var scene = await BillingScene.CreateAsync();
        var ada = await scene.OpenAccountAsync(credit: 10);
        var points = new PointsDesk(scene.Ledger, scene.Databases, Options.Create(new PointsOptions { Enabled = true }), scene.Time);
        await points.CheckIn(ada);
        scene.Time.Advance(TimeSpan.FromDays(15));
        await points.Claim(ada, PointTasks.FirstTopUp);
        Assert.Null((await points.Redeem(ada, "100", Guid.NewGuid())).Refusal);
        await TryAsync(scene, ada);
        await BonusAsync(scene, ada);
        await scene.AssertBooksAsync();

        await using var db = scene.Open();
        await db.Database.ExecuteSqlRawAsync(sql, TestContext.Current.CancellationToken);

        Assert.Contains((await new BookVerifier(scene.Databases, scene.Time).Verify()).Findings, f => f.Rule == rule);
    }

    private static async Task TryAsync(BillingScene scene, Caller ada)
    {
        var trial = new TrialCredit(scene.Ledger, scene.Databases, new TrialKeys(scene.Databases, scene.Time), Options.Create(new TrialOptions { Amount = 5 }), scene.Time, NullLogger<TrialCredit>.Instance);
        await using var db = scene.Open();
        db.TrialClaims.Add((await trial.Claim(await db.Users.SingleAsync(p => p.Id == ada.PersonId), new TrialSignals(null, null)))!);
        await db.SaveChangesAsync();
        Assert.Null((await trial.Decide(ada.PersonId))!.Reason);
    }

    /// <summary>The scene's top-up, as if it had been given something on top.</summary>
    private static async Task BonusAsync(BillingScene scene, Caller ada)
    {
        var outcome = await scene.Ledger.Run<Done>(async transaction =>
        {
            var payment = await transaction.Db.Payments.SingleAsync(p => p.AccountId == ada.AccountId);
            payment.BonusNanos = Money.FromAmount(1).Nanos;
            var leg = new Leg(
                new AccountRef(LedgerCodes.Issued, Unit.Money), new AccountRef(LedgerCodes.CreditGranted, Unit.Money, payment.Id), payment.BonusNanos, TransferCodes.TopUpBonus);
            return (await transaction.Apply(new Move(ada.AccountId, "bonus", $"{payment.Id}", [leg]))).IsDone(out var refusal) ? new Done() : refusal;
        });
        Assert.Null(outcome.Refusal);
    }
}
