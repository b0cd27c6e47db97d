using Portal.Billing.Ledger;
using Portal.Billing.Rating;
using Portal.Catalog;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Tests.Billing.Ledger;

/// <summary>Commands as the portal sends them, with plain terms: one yuan a thousand tokens, no tiers, no factors.</summary>
internal static class WalletScene
{
    public const long NanosPerToken = 1_000_000;

    public static readonly DateTimeOffset Now = new(2026, 7, 1, 4, 0, 0, TimeSpan.Zero);

    public static readonly AccountRef Purchased = new(LedgerCodes.CreditPurchased, Unit.Money);

    public static readonly PriceTerms Terms = new(
        1, "guide", null, [new MeterRate(Meters.InputTokens, 0.001m, 0, 0, []), new MeterRate(Meters.OutputTokens, 0.001m, 0, 0, [])], []);

    public static Move TopUp(Guid wallet, long nanos, string key) =>
        new(wallet, key, key, [new Leg(new AccountRef(LedgerCodes.Clearing, Unit.Money), Purchased, nanos, "topup")]);

    public static Move Grant(Guid wallet, Unit unit, long units, DateTimeOffset? expires, string key, string code = LedgerCodes.Allowance) =>
        new(wallet, key, key, [new Leg(new AccountRef(LedgerCodes.Issued, unit), new AccountRef(code, unit, ExpiresAt: expires), units, "grant")]);

    public static Draw Allocate(Guid wallet, Guid seat, Unit unit, long units, string key) =>
        new(wallet, key, key, "allocate", unit, units, [LedgerCodes.Allowance, LedgerCodes.Pool], new AccountRef(LedgerCodes.Seat, unit, seat), KeepExpiry: true);

    public static Draw TakeBack(Guid wallet, Guid seat, Unit unit, long units, string key) =>
        new(wallet, key, key, "take-back", unit, units, [LedgerCodes.Seat], new AccountRef(LedgerCodes.Pool, unit), seat, KeepExpiry: true);

    public static readonly UsageWindows July = new("2026-07-01", "2026-07", "2026-07-01");

    public static readonly PromptEnd End = new("stop", 12);

    public static readonly Guid Project = Guid.NewGuid();

    public static Spender By(Guid seat, Guid? key = null) => new(Project, Guid.NewGuid(), seat, key);

    public static HoldPrompt Hold(Guid wallet, Guid hold, long tokens, Guid seat = default, bool seatOnly = false, int? concurrent = null, TimeSpan? life = null) =>
        new(wallet, hold, By(seat), seatOnly, MeteredUsage.Text(0, tokens), Terms, July, Now + (life ?? TimeSpan.FromMinutes(10)), concurrent);

    public static SettlePrompt Settle(Guid wallet, Guid hold, long tokens) => new(wallet, hold, MeteredUsage.Text(0, tokens), End);
}
