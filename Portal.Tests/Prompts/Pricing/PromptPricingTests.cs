using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Prompts;
using Portal.Prompts.Requests;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Prompts.Pricing;

public sealed class PromptPricingTests
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task B23_The_price_shown_is_the_price_held_and_a_full_answer_is_charged_exactly_it(DatabaseProvider provider)
    {
        await using var scene = await PromptScene.Start(provider, yuan: 1);
        await scene.Grant(Unit.Tokens, 3);
        scene.Text.Say(5);
        var request = PromptScene.Say("how to top up");

        var preview = (await scene.Runner.Preview(scene.Owner, request)).Value;
        var run = (await scene.Runner.Start(scene.Owner, request, Never)).Value;
        var receipt = (await run.Completion).Receipt!;

        Assert.Null(preview.Missing);
        Assert.Equal(preview.Quote.Price.AmountNanos, run.Quote.Price.AmountNanos);
        Assert.Equal(preview.Quote.Parts, run.Quote.Parts);
        Assert.Equal(preview.Quote.Price.AmountNanos, receipt.ChargedNanos);
        Assert.Equal(preview.Quote.Parts, receipt.Parts);
        Assert.Equal(6 * PromptScene.NanosPerToken, receipt.ChargedNanos);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_prompt_has_no_question_translated_that_was_asked_before_and_sees_a_change_of_plan_at_once(DatabaseProvider provider)
    {
        await using var scene = await PromptScene.Start(provider, yuan: 1);
        scene.Text.Say(15);
        // Whether anybody listens is asked once a second, and before the first question.
        using var questions = new Questions(scene.Database.ConnectionString);
        await scene.Run(PromptScene.Say("how to top up"));

        var before = questions.Count;
        await scene.Run(PromptScene.Say("how to top up"));
        Assert.NotEqual(0, before);
        Assert.Equal(before, questions.Count);

        await scene.Subscribe("edu-starter");
        var run = (await scene.Runner.Start(scene.Owner, PromptScene.Say("how to top up"), Never)).Value;
        Assert.Contains(run.Quote.Terms.Factors, f => f.Name == "education");
        await run.Completion;
    }

    [Fact]
    public async Task B23_A_picture_is_shown_held_and_charged_at_one_price()
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        scene.Images.Step(18);
        var request = PromptScene.Draw(size: 128, count: 2);

        var preview = (await scene.Runner.Preview(scene.Owner, request)).Value;
        var receipt = (await scene.Run(request)).Receipt!;

        // 0.20 yuan × 128 × 128 / 1,048,576 × 9 / 9 × 2 pictures, prepaid.
        Assert.Equal(5_625_000, receipt.ChargedNanos);
        Assert.Equal(preview.Quote.Price.AmountNanos, receipt.ChargedNanos);
        Assert.Equal(2, (await scene.Usage(request.Id))!.Images);
    }

    [Fact]
    public async Task B23_a_guided_picture_is_shown_held_and_charged_at_twice_the_steps()
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        scene.Images.Step(9);
        var request = PromptScene.Draw(size: 128) with { Guidance = 4, NegativeText = "stars" };

        var preview = (await scene.Runner.Preview(scene.Owner, request)).Value;
        var receipt = (await scene.Run(request)).Receipt!;

        // 0.20 yuan × 128 × 128 / 1,048,576 × 18 / 9, prepaid.
        Assert.Equal(5_625_000, receipt.ChargedNanos);
        Assert.Equal((preview.Quote.Price.AmountNanos, 18), (receipt.ChargedNanos, receipt.Usage.Steps));
    }

    [Fact]
    public async Task Of_several_pictures_those_that_were_drawn_are_charged()
    {
        await using var scene = await PromptScene.Start();
        await scene.Grant(Unit.Images, 5);
        using var stop = new CancellationTokenSource();
        var run = (await scene.Runner.Start(scene.Owner, PromptScene.Draw(count: 3), stop.Token)).Value;
        scene.Images.Step(9 + 4);
        for (var i = 0; i < 13; i++) await run.Updates.ReadAsync(Never);

        await stop.CancelAsync();
        var result = await run.Completion;

        Assert.Equal((1L, 1L), (result.Receipt!.Usage.Images, result.Receipt.CoveredUnits));
        Assert.Equal(4, (await scene.Wallet()).Available(Unit.Images, LedgerCodes.Allowance));
    }

    [Fact]
    public async Task A_preview_reserves_nothing_and_says_what_is_missing()
    {
        await using var scene = await PromptScene.Start(yuan: 0.00001m);

        var preview = (await scene.Runner.Preview(scene.Owner, PromptScene.Say("how to top up"))).Value;

        Assert.Equal("funds.short", preview.Missing?.Code);
        Assert.Equal(9 * PromptScene.NanosPerToken, preview.Quote.Price.AmountNanos);
        Assert.Equal(0, (await scene.Wallet()).Held.Nanos);
    }

    [Fact]
    public async Task A_students_preview_says_what_the_seat_lacks()
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        var student = await scene.Student();
        await scene.Grant(Unit.Tokens, 5, LedgerCodes.Seat, student.MembershipId);

        var preview = (await scene.Runner.Preview(student, PromptScene.Say("how to top up"))).Value;

        Assert.Equal(new Refusal("seat.short.tokens", "9", "5"), preview.Missing);
    }

    [Fact]
    public async Task The_answer_is_reserved_as_far_as_the_context_reaches()
    {
        await using var scene = await PromptScene.Start(yuan: 1);

        var preview = (await scene.Runner.Preview(scene.Owner, PromptScene.Say("how to top up", maxTokens: 512))).Value;

        Assert.Equal((4L, 508L, 508), (preview.Quote.WorstCase.InputTokens, preview.Quote.WorstCase.OutputTokens, preview.MaxTokens));
    }

    [Theory]
    [InlineData(true, 0, false, null, "education")]
    [InlineData(false, 12, false, null, "contract12Months")]
    [InlineData(false, 11, false, null)]
    [InlineData(false, 0, true, null)]
    [InlineData(false, 0, false, "eu-central", "region:eu-central")]
    public async Task The_accounts_own_factors_apply(bool education, int contractMonths, bool postpaid, string? region, params string[] factors)
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        await using (var db = scene.Database.Open())
        {
            await db.Accounts.ExecuteUpdateAsync(
                set => set.SetProperty(a => a.Education, education).SetProperty(a => a.ContractMonths, contractMonths), TestContext.Current.CancellationToken);
            if (postpaid)
            {
                db.LedgerAccounts.Add(new() { WalletId = scene.Owner.AccountId, Code = LedgerCodes.Postpaid, Unit = Unit.Money, Key = "", Floor = -1000 });
                await db.SaveChangesAsync(TestContext.Current.CancellationToken);
            }
        }

        var runner = scene.NewRunner(scene.Ledger, new PromptsOptions { Region = region });
        var preview = (await runner.Preview(scene.Owner, PromptScene.Say("how to top up"))).Value;

        Assert.Equal(postpaid ? factors : ["prepaid", .. factors], preview.Quote.Terms.Factors.Select(f => f.Name));
    }

    [Theory]
    [InlineData("2026-07-31T15:59:00Z", "tier:tokens:2026-07", false)]
    [InlineData("2026-07-31T16:00:00Z", "tier:tokens:2026-08", true)]
    public async Task The_month_and_the_off_peak_hours_are_those_of_the_accounts_clock(string now, string counter, bool offPeak)
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        scene.Time.SetUtcNow(DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture));

        var preview = (await scene.Runner.Preview(scene.Owner, PromptScene.Say("how to top up"))).Value;

        Assert.Equal(counter, preview.Quote.TierCounter);
        Assert.Equal(offPeak, preview.Quote.Terms.Factors.Any(f => f.Name == "offPeak"));
    }

    [Fact]
    public async Task What_money_paid_for_moves_the_months_tiers_and_what_quota_paid_for_does_not()
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        await scene.Grant(Unit.Tokens, 9);
        scene.Text.Say(10);

        await scene.Run(PromptScene.Say("how to top up"));
        await scene.Run(PromptScene.Say("how to top up"));

        await using var db = scene.Database.Open();
        Assert.Equal(9, (await db.Counters.SingleAsync(TestContext.Current.CancellationToken)).Used);
    }

    [Fact]
    public async Task An_education_plan_earns_the_education_factor_while_it_lasts()
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        await scene.Subscribe("edu-starter");
        async Task<bool> IsEducation() =>
            (await scene.Runner.Preview(scene.Owner, PromptScene.Say("how to top up"))).Value.Quote.Terms.Factors.Any(f => f.Name == "education");

        Assert.True(await IsEducation());
        await using var db = scene.Database.Open();
        await db.Subscriptions.ExecuteUpdateAsync(set => set.SetProperty(s => s.Status, SubscriptionStatus.Canceled), TestContext.Current.CancellationToken);
        Assert.False(await IsEducation());
    }

    [Fact]
    public async Task A_plan_sets_the_overage_price_and_how_many_prompts_run_at_once()
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        await scene.Subscribe("edu-starter");
        var first = (await scene.Runner.Start(scene.Owner, PromptScene.Say("how to top up"), Never)).Value;
        var more = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => scene.Runner.Start(scene.Owner, PromptScene.Say("how to top up"), Never)));

        var sixth = await scene.Runner.Start(scene.Owner, PromptScene.Say("how to top up"), Never);

        Assert.Equal(new Refusal("concurrency.full", "5"), sixth.Refusal);
        scene.Text.Say(25);
        await Task.WhenAll(more.Select(m => m.Value.Completion).Append(first.Completion));
    }

    [Fact]
    public async Task Beyond_an_image_plans_allowance_the_plans_own_price_holds()
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        await scene.Subscribe("image-basic");
        scene.Images.Step(9);

        var receipt = (await scene.Run(PromptScene.Draw(size: 128))).Receipt!;

        Assert.Equal(("image-basic", 0), (receipt.Plan, receipt.Price.Factors.Count));
        Assert.Equal(2_343_750, receipt.ChargedNanos);
    }

    [Fact]
    public async Task B25_A_model_without_a_price_is_refused()
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        await using (var db = scene.Database.Open()) await db.Set<Portal.Data.Catalog.Rate>().ExecuteDeleteAsync(TestContext.Current.CancellationToken);

        var refused = await scene.Runner.Start(scene.Owner, PromptScene.Say("how to top up"), Never);

        Assert.Equal("price.missing", refused.Refusal?.Code);
    }

    /// <summary>Counts what Entity Framework translates for one database; statements that are kept prepared go past it.</summary>
    private sealed class Questions : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
    {
        private readonly string connectionString;
        private readonly List<IDisposable> subscriptions = [];
        private int count;

        public Questions(string connectionString)
        {
            this.connectionString = connectionString;
            subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));
        }

        public int Count => count;

        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == DbLoggerCategory.Name) subscriptions.Add(value.Subscribe(this, name => name == RelationalEventId.CommandExecuting.Name));
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value.Value is CommandEventData data && data.Command.Connection!.ConnectionString == connectionString) Interlocked.Increment(ref count);
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }

        public void Dispose() => subscriptions.ForEach(subscription => subscription.Dispose());
    }
}
