using FsCheck;
using FsCheck.Fluent;
using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Data.Billing;
using static Portal.Tests.Billing.Ledger.WalletScene;

namespace Portal.Tests.Billing.Ledger.Wallets;

/// <summary>Random commands in random order, beside a model that is too simple to be wrong in the same way.</summary>
public sealed class WalletBookProperties
{
    private static readonly Guid[] Seats = [Guid.NewGuid(), Guid.NewGuid()];
    private static readonly Guid[] Keys = [Guid.NewGuid(), Guid.NewGuid()];
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");

    [Fact]
    public void Any_order_of_commands_leaves_what_a_naive_wallet_has_after_each_of_them()
    {
        var steps = Gen.Choose(0, 23).SelectMany(kind => Gen.Choose(-2, 400).SelectMany(amount => Gen.Choose(0, 5).Select(which => (kind, amount, which))));
        var plays = Arb.From(steps.ListOf(80).Select(list => new Play([.. list])), Play.Shorter);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(400), Prop.ForAll(plays, Run));
    }

    private static bool Run(Play play)
    {
        var steps = play.Steps;
        var wallet = new MemoryWallet();
        var naive = new NaiveWallet(wallet.Id);
        var holds = Enumerable.Range(0, 6).Select(_ => Guid.NewGuid()).ToArray();
        var now = Now;
        for (var i = 0; i < steps.Length; i++)
        {
            var (kind, amount, which) = steps[i];
            now = kind == 23 ? now.AddDays((amount % 32) * (which - 2)) : now.AddMinutes(which);
            if (kind == 23) continue;
            var (transfers, before) = (wallet.Transfers.Count, Figures(wallet));

            // A resolved prompt's id comes once more now and then, and is refused.
            if ((kind == 20 || (kind is > 5 and < 10 && amount % 9 != 0)) && wallet.Rows.Resolved.Exists(h => h.Id == holds[which])) holds[which] = Guid.NewGuid();
            var command = CommandOf(wallet, steps[i], holds[which], i, now);

            var outcome = wallet.Apply(command, now);
            AssertSame(naive.Apply(command, now), outcome);
            if (!outcome.IsDone(out _))
            {
                Assert.Equal(transfers, wallet.Transfers.Count);
                Assert.Equal(before, Figures(wallet));
            }
            else if (kind == 22)
            {
                // What voids a hold leaves every figure as it was before it.
                var release = new VoidHold(wallet.Id, ((HoldPrompt)command).HoldId);
                AssertSame(naive.Apply(release, now), wallet.Apply(release, now));
                Assert.Equal(before, Figures(wallet));
            }

            wallet.AssertBooks();
            AssertSame(naive, wallet);
        }

        return true;
    }

    private static LedgerCommand CommandOf(MemoryWallet book, (int Kind, int Amount, int Which) step, Guid hold, int index, DateTimeOffset now)
    {
        var (kind, amount, which) = step;
        var wallet = book.Id;
        var seat = Seats[which % 2];
        var unit = amount % 4 == 0 ? Unit.Images : Unit.Tokens;
        var key = $"{index}";
        return kind switch
        {
            0 => TopUp(wallet, which == 5 && amount > 380 ? long.MaxValue : amount * NanosPerToken, key),
            1 => Grant(wallet, unit, amount, which == 0 ? null : now.AddMinutes(which * 7), key, which == 1 ? LedgerCodes.Pool : LedgerCodes.Allowance),
            2 => Grant(wallet, Unit.Money, amount * NanosPerToken, now.AddMinutes(which * 5), key, LedgerCodes.CreditGranted),
            3 or 4 => Allocate(wallet, seat, unit, amount / 2, key),
            5 => TakeBack(wallet, seat, unit, amount / 2, key),
            6 or 7 or 8 or 9 or 22 => Prompt(wallet, kind == 22 ? Guid.NewGuid() : hold, unit, amount, seat, which, now),
            10 or 11 or 12 or 13 => new SettlePrompt(wallet, hold, NaiveTerms.Usage(amount % 7 == 0 ? unit : HeldUnit(book, hold), amount), End),
            14 => new VoidHold(wallet, hold),
            15 => new ExpireHold(wallet, hold),
            16 => new BookExpiry(wallet),
            17 or 18 => new SetCap(wallet, Subjects(wallet)[amount % 6 < 0 ? 0 : amount % 6], (CapMeter)(which % 3), (CapWindow)(Math.Abs(amount) % 3), LimitOf(amount, which)),
            19 => new SetPostpaidLimit(wallet, amount * NanosPerToken),
            20 => Refund(wallet, hold, amount * NanosPerToken, key, held: which < 4),
            21 => which < 3 ? new PostHold(wallet, hold) : new Draw(wallet, key, key, "plan.fee", Unit.Money, amount * NanosPerToken,
                [LedgerCodes.CreditGranted, LedgerCodes.CreditPurchased, LedgerCodes.Postpaid], new AccountRef(LedgerCodes.RevenuePlan, Unit.Money)),
            _ => throw new ArgumentOutOfRangeException(nameof(step)),
        };
    }

    private static HoldPrompt Prompt(Guid wallet, Guid hold, Unit unit, int amount, Guid seat, int which, DateTimeOffset now) => new(
        wallet, hold, new Spender(Project, Project, seat, which < 2 ? null : Keys[which % 2]), which == 3, NaiveTerms.Usage(unit, amount), NaiveTerms.Of(unit),
        UsageWindows.At(now, Zone, null), now.AddMinutes(which), which < 4 ? null : 3);

    private static LedgerCommand Refund(Guid wallet, Guid hold, long nanos, string key, bool held)
    {
        var clearing = new AccountRef(LedgerCodes.Clearing, Unit.Money);
        return held
            ? new Draw(wallet, key, key, "refund", Unit.Money, nanos, [LedgerCodes.CreditPurchased], clearing, HoldId: hold)
            : new Move(wallet, key, key, [new Leg(Purchased, clearing, nanos, "refund"), new Leg(Purchased, clearing, nanos, "refund")]);
    }

    private static Guid[] Subjects(Guid wallet) => [wallet, Project, .. Keys, .. Seats];

    private static long? LimitOf(int amount, int which) => amount < 0 ? null : which % 3 == 0 ? amount * NanosPerToken : amount;

    private static Unit HeldUnit(MemoryWallet book, Guid hold) =>
        book.Book.Holds.FirstOrDefault(h => h.Hold.Id == hold)?.Quote?.WorstCase.Unit ?? Unit.Tokens;

    private static List<(string, Unit, string, long, long)> Figures(MemoryWallet wallet) =>
    [
        .. wallet.Accounts.Where(a => a.Balance != 0 || a.Held != 0).Select(a => (a.Code, a.Unit, a.Key, a.Balance, a.Held)).Order(),
        .. wallet.Book.Counters.Where(c => c.Used != 0 || c.Held != 0).Select(c => ("counter", Unit.Money, c.Key, c.Used, c.Held)).Order(),
    ];

    private static void AssertSame(NaiveOutcome naive, Outcome<LedgerResult> outcome)
    {
        Assert.Equal(naive.Code, outcome.Refusal?.Code);
        if (!outcome.IsDone(out _)) return;
        var result = outcome.Value;
        Assert.Equal(
            naive.Parts.Select(p => (p.From.Code, p.From.Unit, p.Amount, p.From.ExpiresAt)).Order(),
            result.Parts.Select(p => (p.Source, p.Unit, p.Amount, p.ExpiresAt)).Order());
        Assert.Equal(naive.Price, result.Quote?.Price.AmountNanos ?? result.Receipt?.Price.AmountNanos ?? 0);
        Assert.Equal(naive.Uncollected, result.Receipt?.UncollectedNanos ?? 0);
    }

    private static void AssertSame(NaiveWallet naive, MemoryWallet wallet)
    {
        var names = naive.Names.ToDictionary(n => (n.Code, n.Unit, n.Key));
        foreach (var account in wallet.Accounts)
        {
            var known = names.Remove((account.Code, account.Unit, account.Key), out var name);
            Assert.Equal((known ? naive.BalanceOf(name) : 0, known ? naive.HeldOf(name) : 0), (account.Balance, account.Held));
        }

        Assert.All(names.Values, name => Assert.Equal((0, 0), (naive.BalanceOf(name), naive.HeldOf(name))));
        Assert.Equal(naive.OpenHolds.Order(), wallet.Book.Holds.Select(h => h.Hold.Id).Order());
        foreach (var counter in wallet.Book.Counters)
        {
            var words = counter.Key.Split(':');
            var expected = words[0] == "tier"
                ? (naive.TierOf(words[1] == "tokens" ? Unit.Tokens : Unit.Images, words[2]), 0)
                : naive.CountOf(Guid.Parse(words[^2]), Enum.Parse<CapMeter>(words[^1]), string.Join(':', words[1..^2]));
            Assert.Equal(expected, (counter.Used, counter.Held));
        }
    }

    private sealed record Play((int Kind, int Amount, int Which)[] Steps)
    {
        /// <summary>What still fails with a step less says more.</summary>
        public static IEnumerable<Play> Shorter(Play play) =>
            play.Steps.Select((_, i) => new Play([.. play.Steps.Where((_, other) => other != i)])).Where(shorter => shorter.Steps.Length > 0);

        public override string ToString() => string.Join(", ", Steps);
    }
}
