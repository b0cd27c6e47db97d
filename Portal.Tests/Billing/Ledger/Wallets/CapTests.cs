using Portal.Billing.Ledger;
using Portal.Billing.Rating;
using Portal.Data;
using Portal.Data.Billing;
using static Portal.Tests.Billing.Ledger.WalletScene;

namespace Portal.Tests.Billing.Ledger.Wallets;

public sealed class CapTests
{
    private readonly MemoryWallet wallet = new();
    private readonly Guid seat = Guid.NewGuid();

    public CapTests() => Done(TopUp(wallet.Id, 100_000 * NanosPerToken, "topup"));

    [Fact]
    public void B1_A_large_balance_is_held_all_the_same()
    {
        Done(TopUp(wallet.Id, 1_000_000_000 * NanosPerToken, "rich"));

        Done(Ask(600));

        Assert.Equal(600 * NanosPerToken, wallet.Accounts.Single(a => a.Code == LedgerCodes.CreditPurchased).Held);
    }

    [Fact]
    public void B2_Another_key_goes_on_with_what_its_project_has_used()
    {
        Done(new SetCap(wallet.Id, Project, CapMeter.Tokens, CapWindow.Period, 100));
        Charge(Ask(70) with { By = By(seat, Guid.NewGuid()) }, 70);

        Refused("cap.tokens", Ask(31) with { By = By(seat, Guid.NewGuid()) });
        Done(Ask(30) with { By = By(seat, Guid.NewGuid()) });
    }

    [Fact]
    public void B3_A_leaked_hold_expires_and_frees_its_cap()
    {
        Done(new SetCap(wallet.Id, seat, CapMeter.Money, CapWindow.Day, 100 * NanosPerToken));
        var leaked = Ask(80);
        Done(leaked);
        Refused("cap.money", Ask(21));

        Done(new ExpireHold(wallet.Id, leaked.HoldId), Now.AddMinutes(10));

        Done(Ask(100));
    }

    [Fact]
    public void B7_A_void_gives_every_source_and_every_counter_back()
    {
        var soon = Now.AddDays(9);
        Done(Grant(wallet.Id, Unit.Tokens, 100, soon, "allowance"));
        Done(Allocate(wallet.Id, seat, Unit.Tokens, 40, "seat"));
        Done(Grant(wallet.Id, Unit.Tokens, 20, null, "pool", LedgerCodes.Pool));
        Done(Grant(wallet.Id, Unit.Money, 5 * NanosPerToken, soon, "gift", LedgerCodes.CreditGranted));
        Done(new SetPostpaidLimit(wallet.Id, 50 * NanosPerToken));
        foreach (var (meter, window) in from meter in (CapMeter[])[CapMeter.Money, CapMeter.Tokens] from window in Enum.GetValues<CapWindow>() select (meter, window))
            Done(new SetCap(wallet.Id, Project, meter, window, 1_000_000 * NanosPerToken));
        Charge(Ask(7), 7);
        var before = Figures();
        var hold = Ask(113 + 5 + 100_000 + 20);

        Assert.Equal(
            [LedgerCodes.Seat, LedgerCodes.Allowance, LedgerCodes.Pool, LedgerCodes.CreditGranted, LedgerCodes.CreditPurchased, LedgerCodes.Postpaid],
            Done(hold).Parts.Select(p => p.Source));
        Assert.NotEqual(before, Figures());
        Done(new VoidHold(wallet.Id, hold.HoldId));

        Assert.Equal(before, Figures());
    }

    [Fact]
    public void Changing_a_cap_keeps_what_it_has_counted()
    {
        Done(new SetCap(wallet.Id, Project, CapMeter.Tokens, CapWindow.Total, 100));
        Charge(Ask(60), 60);
        Done(new SetCap(wallet.Id, Project, CapMeter.Tokens, CapWindow.Total, 50));
        Refused("cap.tokens", Ask(1));

        Done(new SetCap(wallet.Id, Project, CapMeter.Tokens, CapWindow.Total, 80));

        Refused("cap.tokens", Ask(21));
        Done(Ask(20));
    }

    [Fact]
    public void A_cap_that_is_lifted_and_set_again_knows_what_was_used_in_between()
    {
        Done(new SetCap(wallet.Id, Project, CapMeter.Tokens, CapWindow.Day, 100));
        Charge(Ask(60), 60);
        Done(new SetCap(wallet.Id, Project, CapMeter.Tokens, CapWindow.Day, null));
        Charge(Ask(500), 500);
        var open = Ask(40);
        Done(open);

        Done(new SetCap(wallet.Id, Project, CapMeter.Tokens, CapWindow.Day, 610));

        Refused("cap.tokens", Ask(11));
        Done(new VoidHold(wallet.Id, open.HoldId));
        Done(Ask(50));
        Refused("cap.tokens", Ask(1));
    }

    [Fact]
    public void A_daily_cap_and_one_of_the_period_that_began_today_each_count_once()
    {
        Done(new SetCap(wallet.Id, Project, CapMeter.Tokens, CapWindow.Day, 100));
        Done(new SetCap(wallet.Id, Project, CapMeter.Tokens, CapWindow.Period, 100));
        Assert.Equal(July.Day, July.Period);

        Charge(Ask(60), 60);

        Assert.Equal([60, 60], wallet.Book.Counters.Where(c => c.Key.StartsWith("cap:", StringComparison.Ordinal)).Select(c => c.Used));
        Done(Ask(40));
    }

    [Fact]
    public void The_refusal_says_whose_budget_is_reached_and_when_it_starts_again()
    {
        Done(new SetCap(wallet.Id, seat, CapMeter.Money, CapWindow.Day, 10 * NanosPerToken));
        var windows = UsageWindows.At(new DateTimeOffset(2026, 12, 31, 15, 0, 0, TimeSpan.Zero), TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"), null);

        var daily = wallet.Apply(Ask(11) with { Windows = windows }).Refusal!;
        Done(new SetCap(wallet.Id, seat, CapMeter.Money, CapWindow.Day, null));
        Done(new SetCap(wallet.Id, wallet.Id, CapMeter.Tokens, CapWindow.Total, 10));
        var total = wallet.Apply(Ask(11) with { Windows = windows }).Refusal!;

        Assert.Equal(["word:cap.of.seat", "word:cap.resets", "2027-01-01 00:00", "word:cap.raise.seat"], daily.Args[2..]);
        Assert.Equal(["word:cap.of.account", "word:cap.stays", "", "word:cap.raise.account"], total.Args[2..]);
        Assert.Equal("2027-01-01 00:00", windows.PeriodEnds);
    }

    [Fact]
    public void What_outruns_a_quota_counts_in_the_money_cap_although_the_hold_cost_nothing()
    {
        Done(Grant(wallet.Id, Unit.Tokens, 50, null, "allowance"));
        Done(new SetCap(wallet.Id, wallet.Id, CapMeter.Money, CapWindow.Period, 100 * NanosPerToken));

        Charge(Ask(50), 110);

        Refused("cap.money", Ask(41));
        Done(Ask(40));
    }

    [Fact]
    public void A_cap_of_pictures_that_was_lowered_leaves_text_alone()
    {
        Done(new SetCap(wallet.Id, Project, CapMeter.Images, CapWindow.Total, 3));
        var pictures = Ask(1) with { WorstCase = NaiveTerms.Usage(Unit.Images, 3), Terms = NaiveTerms.Picture };
        Done(pictures);
        Done(new SettlePrompt(wallet.Id, pictures.HoldId, pictures.WorstCase, End));
        Done(new SetCap(wallet.Id, Project, CapMeter.Images, CapWindow.Total, 1));

        Done(Ask(10));
        Refused("cap.images", pictures with { HoldId = Guid.NewGuid(), WorstCase = NaiveTerms.Usage(Unit.Images, 1) });
    }

    /// <summary>A local day of 23, 24 or 25 hours is one window, and the next instant is another one.</summary>
    [Theory]
    [InlineData("Europe/Berlin", "2026-10-25T00:00:00+02:00", 25)]
    [InlineData("Europe/Berlin", "2026-03-29T00:00:00+01:00", 23)]
    [InlineData("America/New_York", "2026-11-01T00:00:00-04:00", 25)]
    [InlineData("Asia/Shanghai", "2026-07-01T00:00:00+08:00", 24)]
    public void A_daily_cap_lasts_one_calendar_day_of_the_account_across_a_change_of_the_clocks(string zone, string midnight, int hours)
    {
        var start = DateTimeOffset.Parse(midnight, System.Globalization.CultureInfo.InvariantCulture);
        Done(new SetCap(wallet.Id, wallet.Id, CapMeter.Tokens, CapWindow.Day, 100));
        Charge(At(start.AddTicks(-1), 100), 100);
        Charge(At(start, 60), 60);

        Refused("cap.tokens", At(start.AddHours(hours).AddTicks(-1), 41));
        Charge(At(start.AddHours(hours).AddTicks(-1), 40), 40);
        Done(At(start.AddHours(hours), 100));

        HoldPrompt At(DateTimeOffset now, long tokens) => Ask(tokens) with { Windows = UsageWindows.At(now, TimeZoneInfo.FindSystemTimeZoneById(zone), null) };
    }

    private HoldPrompt Ask(long tokens) => Hold(wallet.Id, Guid.NewGuid(), tokens, seat);

    private void Charge(HoldPrompt prompt, long tokens)
    {
        Done(prompt);
        Done(new SettlePrompt(wallet.Id, prompt.HoldId, MeteredUsage.Text(0, tokens), End));
    }

    private LedgerResult Done(LedgerCommand command, DateTimeOffset? now = null)
    {
        var outcome = wallet.Apply(command, now);
        Assert.Null(outcome.Refusal);
        wallet.AssertBooks();
        return outcome.Value;
    }

    private void Refused(string code, LedgerCommand command) => Assert.Equal(code, wallet.Apply(command).Refusal?.Code);

    private List<(string, string, long, long)> Figures() =>
    [
        .. wallet.Accounts.Where(a => a.Floor is not null || a.Balance != 0).Select(a => (a.Code, $"{a.Unit} {a.Key}", a.Balance, a.Held)).Order(),
        .. wallet.Book.Counters.Select(c => ("counter", c.Key, c.Used, c.Held)).Order(),
    ];
}
