using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Billing.Ledger;
using Portal.Billing.Rating;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Support;
using Portal.Support.Charges;
using Portal.Tests.Billing;
using static Portal.Tests.Billing.Ledger.WalletScene;

namespace Portal.Tests.Support.Charges;

/// <summary>Prompts that were held and settled, and the desk that gives them back.</summary>
internal static class ChargedPrompts
{
    public static ChargeReturns Desk(BillingScene scene) => Desk(scene.Ledger, scene.Databases, scene.Time);

    public static ChargeReturns Desk(LedgerWriter ledger, IDbContextFactory<PortalDb> databases, TimeProvider time) => new(ledger, databases, Options.Create(new AdjustmentOptions()), time);

    /// <summary>One yuan a thousand tokens.</summary>
    /// <param name="worst">More may be used: that outruns the hold.</param>
    public static async Task<Guid> ChargeAsync(LedgerWriter ledger, TimeProvider time, Caller caller, long worst, long used)
    {
        var (id, now) = (Guid.CreateVersion7(), time.GetUtcNow());
        var windows = UsageWindows.At(now, TimeZoneInfo.FindSystemTimeZoneById(caller.TimeZone), null);
        var by = new Spender(caller.ProjectId, caller.PersonId, caller.MembershipId, null);
        Assert.Null((await ledger.Apply(new HoldPrompt(caller.AccountId, id, by, false, MeteredUsage.Text(0, worst), Terms, windows, now.AddMinutes(10), null))).Refusal);
        Assert.Null((await ledger.Apply(new SettlePrompt(caller.AccountId, id, MeteredUsage.Text(0, used), End))).Refusal);
        return id;
    }

    public static async Task GrantAsync(BillingScene scene, Caller caller, string code, Unit unit, long amount, DateTimeOffset expires) => Assert.Null((await scene.Ledger.Apply(new Move(
        caller.AccountId, $"{code}:{unit}", "grant", [new Leg(new AccountRef(LedgerCodes.Issued, unit), new AccountRef(code, unit, ExpiresAt: expires), amount, "grant")]))).Refusal);
}
