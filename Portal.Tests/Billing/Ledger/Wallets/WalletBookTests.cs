using Portal.Billing.Ledger;
using Portal.Billing.Rating;
using Portal.Data;
using Portal.Data.Billing;
using static Portal.Tests.Billing.Ledger.WalletScene;

namespace Portal.Tests.Billing.Ledger.Wallets;

public sealed class WalletBookTests
{
    private static readonly DateTimeOffset PeriodEnd = Now.AddDays(20);
    private readonly MemoryWallet wallet = new();
    private readonly Guid seat = Guid.NewGuid();
    private readonly Guid hold = Guid.NewGuid();

    [Fact]
    public void A_prompt_burns_seat_then_allowance_then_pool_then_granted_then_purchased_credit()
    {
        Done(Grant(wallet.Id, Unit.Tokens, 100, PeriodEnd, "allowance"));
        Done(Allocate(wallet.Id, seat, Unit.Tokens, 40, "seat"));
        Done(Grant(wallet.Id, Unit.Tokens, 20, null, "pool", LedgerCodes.Pool));
        Done(Grant(wallet.Id, Unit.Money, 5 * NanosPerToken, PeriodEnd, "gift", LedgerCodes.CreditGranted));
        Done(TopUp(wallet.Id, 1000 * NanosPerToken, "topup"));

        var held = Done(Hold(wallet.Id, hold, 130, seat));
        Assert.Equal(
            [(LedgerCodes.Seat, 40), (LedgerCodes.Allowance, 60), (LedgerCodes.Pool, 20), (LedgerCodes.CreditGranted, 5 * NanosPerToken), (LedgerCodes.CreditPurchased, 5 * NanosPerToken)],
            held.Parts.Select(p => (p.Source, p.Amount)));

        var receipt = Done(Settle(wallet.Id, hold, 122)).Receipt!;
        Assert.Equal(120, receipt.CoveredUnits);
        Assert.Equal(2 * NanosPerToken, receipt.ChargedNanos);
        Assert.Equal(3 * NanosPerToken, wallet.Free(LedgerCodes.CreditGranted));
        Assert.Equal(1000 * NanosPerToken, wallet.Free(LedgerCodes.CreditPurchased));
    }

    [Fact]
    public void Of_two_grants_the_one_that_expires_first_is_burnt_first_and_an_expired_one_not_at_all()
    {
        Done(Grant(wallet.Id, Unit.Money, 10 * NanosPerToken, Now.AddDays(9), "late", LedgerCodes.CreditGranted));
        Done(Grant(wallet.Id, Unit.Money, 10 * NanosPerToken, Now.AddDays(3), "soon", LedgerCodes.CreditGranted));
        Done(Grant(wallet.Id, Unit.Money, 10 * NanosPerToken, Now, "gone", LedgerCodes.CreditGranted));

        var held = Done(Hold(wallet.Id, hold, 15));

        Assert.Equal([Now.AddDays(3), Now.AddDays(9)], held.Parts.Select(p => p.ExpiresAt!.Value));
        Refused("funds.short", Hold(wallet.Id, Guid.NewGuid(), 6));
    }

    [Fact]
    public void A_void_gives_back_exactly_what_was_held()
    {
        Done(Grant(wallet.Id, Unit.Tokens, 30, PeriodEnd, "allowance"));
        Done(TopUp(wallet.Id, 100 * NanosPerToken, "topup"));
        var before = wallet.Accounts.Select(a => (a.Code, a.Unit, a.Balance, a.Held)).ToList();

        Done(Hold(wallet.Id, hold, 50));
        Assert.Equal(0, wallet.Free(LedgerCodes.Allowance, Unit.Tokens));
        Done(new VoidHold(wallet.Id, hold));

        Assert.Equal(before, wallet.Accounts.Where(a => a.Code is not (LedgerCodes.Used or LedgerCodes.RevenueUsage)).Select(a => (a.Code, a.Unit, a.Balance, a.Held)));
        Assert.Equal(HoldState.Voided, wallet.StateOf(hold));
    }

    [Fact]
    public void A_hold_is_resolved_once_whatever_comes_second()
    {
        Done(TopUp(wallet.Id, 100 * NanosPerToken, "topup"));
        Done(Hold(wallet.Id, hold, 50));
        Done(Settle(wallet.Id, hold, 10));

        Refused("hold.resolved", Settle(wallet.Id, hold, 20));
        Refused("hold.resolved", new VoidHold(wallet.Id, hold));
        Refused("hold.resolved", new ExpireHold(wallet.Id, hold));
        Refused("request.duplicate", Hold(wallet.Id, hold, 50));
        Assert.Equal(90 * NanosPerToken, wallet.Free(LedgerCodes.CreditPurchased));
    }

    [Fact]
    public void A_settle_of_nothing_charges_nothing()
    {
        Done(TopUp(wallet.Id, 100 * NanosPerToken, "topup"));
        Done(Hold(wallet.Id, hold, 50));

        Assert.Equal(0, Done(Settle(wallet.Id, hold, 0)).Receipt!.ChargedNanos);
        Assert.Equal(100 * NanosPerToken, wallet.Free(LedgerCodes.CreditPurchased));
    }

    [Fact]
    public void Usage_beyond_its_hold_takes_free_funds_and_what_is_missing_is_flagged()
    {
        Done(TopUp(wallet.Id, 60 * NanosPerToken, "topup"));
        Done(Hold(wallet.Id, hold, 50));

        var receipt = Done(Settle(wallet.Id, hold, 75)).Receipt!;

        Assert.Equal(60 * NanosPerToken, receipt.ChargedNanos);
        Assert.Equal(15 * NanosPerToken, receipt.UncollectedNanos);
        Assert.Equal(0, wallet.Free(LedgerCodes.CreditPurchased));
    }

    [Fact]
    public void A_student_never_draws_on_the_school()
    {
        Done(Grant(wallet.Id, Unit.Tokens, 1000, PeriodEnd, "allowance"));
        Done(TopUp(wallet.Id, 1000 * NanosPerToken, "topup"));
        Done(Allocate(wallet.Id, seat, Unit.Tokens, 50, "seat"));

        Assert.Equal(new Refusal("seat.short.tokens", "51", "50"), wallet.Apply(Hold(wallet.Id, hold, 51, seat, seatOnly: true)).Refusal);
        Done(Hold(wallet.Id, hold, 50, seat, seatOnly: true));
        Done(Settle(wallet.Id, hold, 50));
        Refused("seat.short.tokens", Hold(wallet.Id, Guid.NewGuid(), 1, seat, seatOnly: true));
        Assert.Equal(1000 * NanosPerToken, wallet.Free(LedgerCodes.CreditPurchased));
    }

    [Fact]
    public void Quota_handed_to_a_seat_and_back_keeps_its_expiry()
    {
        Done(Grant(wallet.Id, Unit.Images, 500, PeriodEnd, "allowance"));
        Done(Allocate(wallet.Id, seat, Unit.Images, 200, "give"));
        Done(TakeBack(wallet.Id, seat, Unit.Images, 50, "back"));

        Assert.Equal(150, wallet.Free(LedgerCodes.Seat, Unit.Images));
        Assert.Equal(PeriodEnd, wallet.Accounts.Single(a => a.Code == LedgerCodes.Pool).ExpiresAt);
        Refused("quota.short.images", TakeBack(wallet.Id, seat, Unit.Images, 151, "too much"));
        Refused("quota.short.images", Allocate(wallet.Id, Guid.NewGuid(), Unit.Images, 351, "too much too"));
    }

    [Fact]
    public void What_is_left_at_its_expiry_goes_back_where_it_came_from_but_an_open_hold_keeps_its_part()
    {
        Done(Grant(wallet.Id, Unit.Tokens, 100, PeriodEnd, "allowance"));
        Done(Hold(wallet.Id, hold, 30, life: TimeSpan.FromDays(30)));

        wallet.Apply(new BookExpiry(wallet.Id), PeriodEnd);
        Assert.Equal(30, wallet.Balance(LedgerCodes.Allowance, Unit.Tokens));
        Done(Settle(wallet.Id, hold, 10), PeriodEnd);
        wallet.Apply(new BookExpiry(wallet.Id), PeriodEnd);
        wallet.Apply(new BookExpiry(wallet.Id), PeriodEnd);

        Assert.Equal(0, wallet.Balance(LedgerCodes.Allowance, Unit.Tokens));
        Assert.Equal(-10, wallet.Balance(LedgerCodes.Issued, Unit.Tokens));
        wallet.AssertBooks();
    }

    [Fact]
    public void A_hold_expires_at_its_time_and_not_before()
    {
        Done(TopUp(wallet.Id, 100 * NanosPerToken, "topup"));
        Done(Hold(wallet.Id, hold, 50));

        Refused("hold.not-expired", new ExpireHold(wallet.Id, hold));
        Done(new ExpireHold(wallet.Id, hold), Now.AddMinutes(10));
        Assert.Equal(100 * NanosPerToken, wallet.Free(LedgerCodes.CreditPurchased));
    }

    [Fact]
    public void Of_two_prompts_over_a_tiers_edge_the_one_that_settles_first_is_the_first()
    {
        var terms = Terms with { Rates = [.. Terms.Rates.Select(r => r with { Tiers = [new(0, 1m), new(100, 0.5m)] })] };
        var second = Guid.NewGuid();
        Done(TopUp(wallet.Id, 1000 * NanosPerToken, "topup"));
        Done(Hold(wallet.Id, hold, 100) with { Terms = terms });
        Done(Hold(wallet.Id, second, 100) with { Terms = terms });

        Assert.Equal(60 * NanosPerToken, Done(Settle(wallet.Id, second, 60)).Receipt!.ChargedNanos);
        Assert.Equal((40 + 10) * NanosPerToken, Done(Settle(wallet.Id, hold, 60)).Receipt!.ChargedNanos);
    }

    [Fact]
    public void No_more_prompts_at_a_time_than_the_plan_allows()
    {
        Done(TopUp(wallet.Id, 100 * NanosPerToken, "topup"));
        Done(Hold(wallet.Id, hold, 10, concurrent: 1));

        Refused("concurrency.full", Hold(wallet.Id, Guid.NewGuid(), 10, concurrent: 1));
        Done(new VoidHold(wallet.Id, hold));
        Done(Hold(wallet.Id, Guid.NewGuid(), 10, concurrent: 1));
    }

    [Theory]
    [InlineData(0, "amount.invalid")]
    [InlineData(-5, "amount.invalid")]
    [InlineData(long.MaxValue, "amount.too-large")]
    public void An_amount_that_is_none_or_does_not_fit_moves_nothing(long amount, string code)
    {
        Done(TopUp(wallet.Id, 1, "small"));

        Refused(code, TopUp(wallet.Id, amount, "odd"));
        Assert.Equal(1, wallet.Balance(LedgerCodes.CreditPurchased));
    }

    [Fact]
    public void An_image_price_that_does_not_fit_is_refused()
    {
        var rate = new Portal.Catalog.MeterRate(Portal.Catalog.Meters.Images, 0.2m, 1, 1, []);
        var picture = MeteredUsage.Picture(1, int.MaxValue, int.MaxValue, 1);

        Refused("amount.too-large", Hold(wallet.Id, hold, 1) with { WorstCase = picture, Terms = Terms with { Rates = [rate] } });
        wallet.AssertBooks();
    }

    private LedgerResult Done(LedgerCommand command, DateTimeOffset? now = null)
    {
        var outcome = wallet.Apply(command, now);
        Assert.Null(outcome.Refusal);
        wallet.AssertBooks();
        return outcome.Value;
    }

    private void Refused(string code, LedgerCommand command)
    {
        var rows = wallet.Transfers.Count;
        Assert.Equal(code, wallet.Apply(command).Refusal?.Code);
        Assert.Equal(rows, wallet.Transfers.Count);
        wallet.AssertBooks();
    }
}
