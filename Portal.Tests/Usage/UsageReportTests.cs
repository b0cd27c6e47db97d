using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Catalog;
using Portal.Data.Usage;
using Portal.Tests.Fixtures;
using Portal.Usage;

namespace Portal.Tests.Usage;

public sealed class UsageReportTests
{
    private readonly FakeTime time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<DatabaseProvider, string> Zones => [.. from provider in Databases.All from zone in (string[])["Asia/Shanghai", "Asia/Kolkata", "America/New_York"] select (provider.Data, zone)];

    [Theory, MemberData(nameof(Zones))]
    public async Task B24_days_models_and_members_add_up_to_the_raw_usage_in_the_accounts_zone(DatabaseProvider provider, string zoneId)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var rows = new UsageRows(database, time);
        var owner = await rows.Open(zoneId);
        var student = await rows.Join(owner, "Student");
        var random = new Random(7);
        foreach (var caller in (Caller[])[owner, student])
        {
            await rows.Add(caller, Enumerable.Range(0, 60).Select(i => (
                time.GetUtcNow() - TimeSpan.FromMinutes(random.Next(0, 95 * 24 * 60)), i % 3 == 0 ? "shapes" : "guide", (long)random.Next(3, 900), (long)random.Next(0, 3), random.NextInt64(1_000_000_000))));
        }

        var view = await Read(database, owner, new UsageFilter(UsageRange.Days90));

        var zone = TimeZoneInfo.FindSystemTimeZoneById(zoneId);
        DateOnly Day(DateTimeOffset at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime);
        var today = Day(time.GetUtcNow());
        var inside = rows.Written.Where(u => Day(u.At) > today.AddDays(-90)).ToList();
        Assert.InRange(inside.Count, 60, rows.Written.Count - 1);
        Assert.Equal(90, view.Days.Count);
        Assert.Equal((today.AddDays(-89), today), (view.Days[0].Day, view.Days[^1].Day));
        Assert.All(view.Days, day => Assert.Equal(Sum(inside.Where(u => Day(u.At) == day.Day)), day.Sums));
        Assert.Equal(Sum(inside), view.Total);
        Assert.All(view.Models, model => Assert.Equal(Sum(inside.Where(u => u.Model == model.Model)), model.Sums));
        Assert.Equal(["guide", "shapes"], view.Models.Select(m => m.Model).Order());
        Assert.Equal(2, view.Members.Count);
        Assert.All(view.Members, member => Assert.Equal(Sum(inside.Where(u => u.MembershipId == member.MembershipId)), member.Sums));
        Assert.Contains(view.Members, member => member.Name == "Student" && member.MembershipId == student.MembershipId);

        var filtered = await Read(database, owner, new UsageFilter(UsageRange.Days90, "guide", student.MembershipId));
        Assert.Equal(Sum(inside.Where(u => u.Model == "guide" && u.MembershipId == student.MembershipId)), filtered.Total);
        Assert.Equal(["guide", "shapes"], filtered.Choices.Models);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task What_was_given_back_is_named_beside_what_was_charged(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var rows = new UsageRows(database, time);
        var owner = await rows.Open();
        var back = await rows.Add(owner, time.GetUtcNow().AddDays(-1), charged: 500);
        var old = await rows.Add(owner, time.GetUtcNow().AddDays(-40), charged: 900);
        await rows.Add(owner, time.GetUtcNow().AddDays(-1), model: "shapes", charged: 70);
        await using (var db = database.Open())
        {
            db.UsageReturns.AddRange(new[] { (back, 400L), (old, 900L) }.Select(r =>
                new UsageReturn { Id = r.Item1, AccountId = owner.AccountId, PersonId = owner.PersonId, At = time.GetUtcNow(), Nanos = r.Item2, Reason = "Broken" }));
            await db.SaveChangesAsync(Cancel);
        }

        var view = await Read(database, owner, new UsageFilter(UsageRange.Days30));

        Assert.Equal((570, 400), (view.Total.ChargedNanos, view.Returned.Nanos));
        Assert.Equal(0, (await Read(database, owner, new UsageFilter(UsageRange.Days30, "shapes"))).Returned.Nanos);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_model_that_no_database_can_name_has_no_usage(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var rows = new UsageRows(database, time);
        var owner = await rows.Open();
        await rows.Add(owner, time.GetUtcNow().AddDays(-1), units: 30, charged: 30);

        Assert.Equal(0, (await Read(database, owner, new UsageFilter(Model: "\0"))).Total.Requests);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_period_that_starts_within_an_hour_counts_only_what_came_after_it(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var rows = new UsageRows(database, time);
        var owner = await rows.Open();
        var start = time.GetUtcNow().AddDays(-10).AddMinutes(-37);
        await Subscribe(database, owner, start);
        await rows.Add(owner, start.AddTicks(-TimeSpan.TicksPerMicrosecond), units: 1_000, charged: 1_000);
        await rows.Add(owner, start, units: 30, charged: 30);
        await rows.Add(owner, start.AddDays(3), units: 6, charged: 600);

        var view = await Read(database, owner, new UsageFilter(UsageRange.Period));

        Assert.Equal((36, 630L), (view.Total.Tokens, view.Total.ChargedNanos));
        Assert.Equal(view.Total, view.Period.ToDate);
        Assert.Equal(view.Total, Assert.Single(view.Members).Sums);
        Assert.True(view.Period.Subscribed);
        Assert.Equal((start, start.AddMonths(1)), (view.Period.Start, view.Period.End));
        Assert.Equal(11, view.Days.Count);
    }

    [Fact]
    public async Task The_forecast_is_the_periods_pace_carried_to_its_end()
    {
        await using var database = await TestDatabase.CreateAsync();
        var rows = new UsageRows(database, time);
        var owner = await rows.Open();
        await Subscribe(database, owner, time.GetUtcNow().AddDays(-15));
        await rows.Add(owner, time.GetUtcNow().AddDays(-14), units: 3_000, covered: 1_000, charged: 2_000_000_000);
        await rows.Add(owner, time.GetUtcNow().AddDays(-1), "shapes", 4, charged: 1_000_000_000);

        var period = (await Read(database, owner, new UsageFilter(UsageRange.Days7))).Period;

        // 15 of 30 days of June gone: twice as much at the end.
        Assert.Equal(new UsageForecast(15, new Money(6_000_000_000), 6_000, 8), period.Forecast);
    }

    [Fact]
    public async Task On_the_first_day_of_a_period_nothing_is_forecast()
    {
        await using var database = await TestDatabase.CreateAsync();
        var rows = new UsageRows(database, time);
        var owner = await rows.Open();
        await rows.Add(owner, time.GetUtcNow(), charged: 5_000);

        var period = (await Read(database, owner, new UsageFilter())).Period;

        Assert.False(period.Subscribed);
        Assert.Equal(LocalDays.StartOf(new DateOnly(2026, 7, 1), LocalDays.Zone("Asia/Shanghai")), period.Start);
        Assert.Equal(5_000, period.ToDate.ChargedNanos);
        Assert.Null(period.Forecast);
    }

    [Fact]
    public async Task A_member_sees_their_own_seat_only()
    {
        await using var database = await TestDatabase.CreateAsync();
        var rows = new UsageRows(database, time);
        var owner = await rows.Open();
        var student = await rows.Join(owner, "Student");
        await rows.Add(owner, time.GetUtcNow(), charged: 70);
        await rows.Add(student, time.GetUtcNow(), units: 40, covered: 40);

        var view = await Read(database, student, new UsageFilter());

        Assert.Equal((1, 40, 0), (view.Total.Requests, view.Total.CoveredTokens, view.Total.ChargedNanos));
        Assert.Empty(view.Members);
        Assert.Empty(view.Choices.Members);
        Assert.Equal(Refusal.NotFound, (await Report(database).Read(student, new UsageFilter(MembershipId: owner.MembershipId), Cancel)).Refusal);
    }

    [Fact]
    public async Task Other_accounts_and_their_seats_are_not_found_except_by_staff()
    {
        await using var database = await TestDatabase.CreateAsync();
        var rows = new UsageRows(database, time);
        var owner = await rows.Open();
        var stranger = await rows.Open();
        await rows.Add(owner, time.GetUtcNow(), charged: 70);

        Assert.Equal(Refusal.NotFound, (await Report(database).Read(stranger, new UsageFilter(AccountId: owner.AccountId), Cancel)).Refusal);
        Assert.Equal(Refusal.NotFound, (await Report(database).Read(stranger, new UsageFilter(MembershipId: owner.MembershipId), Cancel)).Refusal);
        Assert.Equal(70, (await Read(database, stranger with { IsSupport = true }, new UsageFilter(AccountId: owner.AccountId))).Total.ChargedNanos);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Quotas_are_what_the_ledger_granted_used_and_has_left(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var rows = new UsageRows(database, time);
        var owner = await rows.Open();
        var student = await rows.Join(owner, "Student");
        var ledger = new LedgerWriter(database.Factory, time, new WalletEvents());
        var end = time.GetUtcNow().AddDays(20);
        var allowance = new AccountRef(LedgerCodes.Allowance, Unit.Tokens, ExpiresAt: end);
        await Done(ledger, new Move(owner.AccountId, "grant", "p", [new Leg(new AccountRef(LedgerCodes.Issued, Unit.Tokens), allowance, 1_000, "grant")]));
        await Done(ledger, new Move(owner.AccountId, "old", "p", [new Leg(new AccountRef(LedgerCodes.Issued, Unit.Tokens), allowance with { ExpiresAt = time.GetUtcNow() }, 5_000, "grant")]));
        await Done(ledger, new Draw(owner.AccountId, "seat", "p", "allocate", Unit.Tokens, 300, [LedgerCodes.Allowance], new AccountRef(LedgerCodes.Seat, Unit.Tokens, student.MembershipId), KeepExpiry: true));
        await Done(ledger, new Move(owner.AccountId, "use", "p", [new Leg(new AccountRef(LedgerCodes.Seat, Unit.Tokens, student.MembershipId, end), new AccountRef(LedgerCodes.Used, Unit.Tokens), 120, "prompt")]));
        await Done(ledger, new Draw(owner.AccountId, "hold", "p", "prompt", Unit.Tokens, 50, [LedgerCodes.Allowance], new AccountRef(LedgerCodes.Used, Unit.Tokens), HoldId: Guid.NewGuid()));

        var whole = await Read(database, owner, new UsageFilter());
        var seat = await Read(database, student, new UsageFilter());

        Assert.Equal([new QuotaState(Unit.Tokens, 1_000, 120, 50, 830, end)], whole.Quotas);
        Assert.Equal([new QuotaState(Unit.Tokens, 300, 120, 0, 180, end)], seat.Quotas);
        await Books.AssertClean(database.Factory, time);
    }

    private async Task<UsageView> Read(TestDatabase database, Caller caller, UsageFilter filter) => (await Report(database).Read(caller, filter, Cancel)).Value;

    private UsageReport Report(TestDatabase database) => new(database.Factory, time);

    private static async Task Done(LedgerWriter ledger, LedgerCommand command) => Assert.Null((await ledger.Apply(command, Cancel)).Refusal);

    private static async Task Subscribe(TestDatabase database, Caller caller, DateTimeOffset start)
    {
        await using var db = database.Open();
        var plan = new Plan { Key = "plan", Version = 1, NameEn = "Plan", NameZh = "套餐", PublishedAt = start };
        db.Add(new Subscription { Id = Guid.NewGuid(), AccountId = caller.AccountId, Plan = plan, Anchor = start, PeriodStart = start, PeriodEnd = start.AddMonths(1) });
        await db.SaveChangesAsync(Cancel);
    }

    private static UsageSums Sum(IEnumerable<UsageRecord> records) => records.Aggregate(UsageSums.None, (sum, u) => sum + new UsageSums(
        1, u.InputTokens, u.OutputTokens, u.Images, u.Unit == Unit.Tokens ? u.CoveredUnits : 0, u.Unit == Unit.Images ? u.CoveredUnits : 0, u.ChargedNanos));
}
