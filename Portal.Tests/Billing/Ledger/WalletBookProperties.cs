using FsCheck;
using FsCheck.Fluent;
using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Data.Billing;
using static Portal.Tests.Billing.Ledger.WalletScene;

namespace Portal.Tests.Billing.Ledger;

/// <summary>Random commands in random order keep the books, step by step.</summary>
public sealed class WalletBookProperties
{
    private static readonly Guid[] Seats = [Guid.NewGuid(), Guid.NewGuid()];

    [Fact]
    public void Any_order_of_commands_keeps_the_books_and_resolves_each_hold_once()
    {
        var steps = Gen.Choose(0, 9).SelectMany(kind => Gen.Choose(-2, 400).SelectMany(amount => Gen.Choose(0, 5).Select(which => (kind, amount, which))));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(steps.ListOf(60).ToArbitrary(), Run));
    }

    private static bool Run(IList<(int Kind, int Amount, int Which)> steps)
    {
        var wallet = new MemoryWallet();
        var holds = Enumerable.Range(0, 6).Select(_ => Guid.NewGuid()).ToArray();
        var now = Now;
        for (var i = 0; i < steps.Count; i++)
        {
            var (_, amount, which) = steps[i];
            now = now.AddMinutes(which);
            var rows = wallet.Transfers.Count;
            var outcome = wallet.Apply(CommandOf(wallet.Id, steps[i], holds, i, now), now);
            if (outcome.Refusal is not null) Assert.Equal(rows, wallet.Transfers.Count);
            wallet.AssertBooks();
        }

        return true;
    }

    private static LedgerCommand CommandOf(Guid wallet, (int Kind, int Amount, int Which) step, Guid[] holds, int index, DateTimeOffset now)
    {
        var (kind, amount, which) = step;
        var hold = holds[which];
        var seat = Seats[which % 2];
        return kind switch
        {
            0 => TopUp(wallet, amount * NanosPerToken, $"{index}"),
            1 => Grant(wallet, Unit.Tokens, amount, which == 0 ? null : now.AddMinutes(which * 7), $"{index}"),
            2 => Grant(wallet, Unit.Money, amount * NanosPerToken, now.AddMinutes(which * 5), $"{index}", LedgerCodes.CreditGranted),
            3 => Allocate(wallet, seat, Unit.Tokens, amount, $"{index}"),
            4 => TakeBack(wallet, seat, Unit.Tokens, amount, $"{index}"),
            5 => Hold(wallet, hold, amount, seat, seatOnly: which == 3, concurrent: 4) with { ExpiresAt = now.AddMinutes(which) },
            6 or 7 => Settle(wallet, hold, amount),
            8 => which < 3 ? new VoidHold(wallet, hold) : new ExpireHold(wallet, hold),
            _ => new BookExpiry(wallet),
        };
    }
}
