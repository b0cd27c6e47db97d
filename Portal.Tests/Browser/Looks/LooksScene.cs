using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts.Keys;
using Portal.Accounts;
using Portal.Accounts.Budgets;
using Portal.Accounts.Members;
using Portal.Accounts.Projects;
using Portal.Billing.Coupons;
using Portal.Billing.Ledger;
using Portal.Billing.Subscriptions;
using Portal.Commands;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;
using Portal.Data.Catalog;
using Portal.Data.Payments;
using Portal.Data.Prompts;
using Portal.Data.Usage;
using Portal.Inference;
using Portal.Payments;
using Portal.Payments.Refunds;
using Portal.Support;
using Portal.Tests.Browser.Journeys;
using Portal.Tests.Fixtures;
using Portal.Tests.Usage;
using Portal.Usage.Alerts;

namespace Portal.Tests.Browser.Looks;

/// <summary>The people whose pages are looked at, beside the demo people, and what they left behind.</summary>
/// <param name="Customer">Has paid, was refunded a part, is on a plan, prompts every day and has written to support.</param>
/// <param name="Newcomer">Has an account and nothing else.</param>
/// <param name="Ticket">Of the customer, answered once.</param>
internal sealed record LooksScene(TestPerson Customer, TestPerson Newcomer, Guid Ticket)
{
    public const string Invited = "invited.student@school.example";

    public static async Task<LooksScene> SetAsync(PortalApp app)
    {
        await app.Services.GetRequiredService<ModelHost>().Ready;
        var customer = await app.AddPersonAsync("lin.wei@looks.example");
        var newcomer = await app.AddPersonAsync("newcomer@looks.example");
        var support = await CallerAsync(app, "support@demo.example");
        var caller = await CallerAsync(app, customer.Email);
        await PayAsync(app, customer, support);
        await ContestAsync(app, support, await app.AddPersonAsync("contested@looks.example"));
        await SubscribeAsync(app, caller);
        await SaveCardsAsync(app, caller);
        await UsageScene.WriteMonthAsync(app, customer);
        await CrossAlertsAsync(app, caller);
        await RedeemAsync(app, caller);
        await InviteAsync(app);
        await NameModelsAsync(app);
        return new LooksScene(customer, newcomer, await WriteAsync(app, caller, support));
    }

    private static async Task<Caller> CallerAsync(PortalApp app, string email)
    {
        await using var db = app.Database.Open();
        var id = await db.Users.Where(p => p.Email == email).Select(p => p.Id).SingleAsync();
        await using var scope = app.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<Callers>().Resolve(new(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, $"{id}")]))))!;
    }

    // Through the gateway's own page, so that there are a card, a receipt and a credit note.
    private static async Task PayAsync(PortalApp app, TestPerson customer, Caller support)
    {
        await using var visitor = await Visitor.ArriveAsync(await TestRun.Chromium, app.Address, new Look());
        await visitor.SignInAsync(customer.Email, People.Password);
        await visitor.TopUpAsync("1500");
        await using var db = app.Database.Open();
        var payment = await db.Payments.SingleAsync(p => p.AccountId == customer.AccountId);
        await using var scope = app.Services.CreateAsyncScope();
        var refund = await scope.ServiceProvider.GetRequiredService<RefundDesk>().Request(support, new RefundRequest(Guid.NewGuid(), payment.Id, "40", "Topped up too much"), CancellationToken.None);
        Assert.Null(refund.Refusal);
    }

    // A refund that waits for a second person, and a dispute of a payment whose credit was partly spent: of before the days that are compared with the
    // gateway, which knows nothing of them.
    private static async Task ContestAsync(PortalApp app, Caller support, TestPerson person)
    {
        var now = app.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        var before = now.AddDays(-32);
        await using var db = app.Database.Open();
        var payment = new Payment
        {
            Id = Guid.NewGuid(), AccountId = person.AccountId, AmountNanos = Money.FromAmount(800).Nanos, Status = PaymentStatus.Succeeded, FormKey = "contested",
            CardBrand = "visa", CardLast4 = "0259", CreatedAt = before, SucceededAt = before, RefundedNanos = Money.FromAmount(600).Nanos,
        };
        db.Payments.Add(payment);
        db.Refunds.Add(new Refund
        {
            Id = Guid.NewGuid(), PaymentId = payment.Id, AccountId = person.AccountId, RequesterId = support.PersonId, AmountNanos = payment.RefundedNanos,
            Reason = "The order was placed twice by two colleagues", Status = RefundStatus.AwaitingApproval, CreatedAt = now, LapsesAt = now.AddDays(7),
        });
        db.Disputes.Add(new Dispute
        {
            Id = "dp_looks", PaymentId = payment.Id, AccountId = person.AccountId, AmountNanos = Money.FromAmount(200).Nanos, FrozenNanos = Money.FromAmount(150).Nanos,
            SpentNanos = Money.FromAmount(50).Nanos, Reason = "fraudulent", OpenedAt = before, DueAt = now.AddDays(5),
        });
        await db.SaveChangesAsync();
    }

    // In every state that a card can be in, of a customer whose last automatic top-up was declined.
    private static async Task SaveCardsAsync(PortalApp app, Caller caller)
    {
        var now = app.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        await using var db = app.Database.Open();
        db.GatewayCustomers.Add(new GatewayCustomer { AccountId = caller.AccountId, CustomerId = "cus_looks", CreatedAt = now, CardChangedAt = now.AddDays(-90) });
        (string Brand, string Last4, DateTimeOffset Ends)[] cards = [("visa", "4242", now), ("mastercard", "4444", now.AddYears(3)), ("unionpay", "0005", now.AddYears(-1))];
        foreach (var (at, (brand, last4, ends)) in cards.Index())
        {
            db.SavedCards.Add(new SavedCard
            {
                Id = Guid.NewGuid(), AccountId = caller.AccountId, MethodId = $"pm_looks_{at}", Brand = brand, Last4 = last4, ExpiryMonth = ends.Month, ExpiryYear = ends.Year,
                IsDefault = at == 0, CreatedAt = now.AddDays(-90 - at),
            });
        }
        db.AutoTopUpRules.Add(new AutoTopUpRule { AccountId = caller.AccountId, Enabled = true, ThresholdNanos = Money.FromAmount(20).Nanos, AmountNanos = Money.FromAmount(200).Nanos, Started = 1 });
        db.Payments.Add(new Payment
        {
            Id = Guid.NewGuid(), AccountId = caller.AccountId, AmountNanos = Money.FromAmount(200).Nanos, Purpose = PaymentPurpose.AutoTopUp, Status = PaymentStatus.Failed,
            FormKey = "auto-topup:1", MethodId = "pm_looks_0", CardBrand = "visa", CardLast4 = "4242", FailureCode = "insufficient_funds", CreatedAt = now, FailedAt = now,
        });
        await db.SaveChangesAsync();
    }

    private static async Task SubscribeAsync(PortalApp app, Caller caller)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var plans = scope.ServiceProvider.GetRequiredService<PlanDesk>();
        Assert.Null((await plans.Choose(caller, (await plans.Quote(caller, "image-advanced")).Value, "looks")).Refusal);
        var project = (await scope.ServiceProvider.GetRequiredService<ProjectDesk>().Create(caller, "Web shop")).Value;
        var key = (await scope.ServiceProvider.GetRequiredService<ApiKeys>().Create(caller, new KeyTerms("Website of the shop", project) { ExpiresAt = app.Services.GetRequiredService<TimeProvider>().GetUtcNow().AddDays(90) })).Value.Id;
        var budgets = scope.ServiceProvider.GetRequiredService<BudgetDesk>();
        Assert.Null((await budgets.Set(caller, key, CapMeter.Money, CapWindow.Day, 12_500_000_000)).Refusal);
        Assert.Null((await budgets.Set(caller, key, CapMeter.Tokens, CapWindow.Period, 2_000_000)).Refusal);
        Assert.Null((await budgets.Set(caller, project, CapMeter.Money, CapWindow.Period, 300_000_000_000)).Refusal);
        Assert.Null((await budgets.Set(caller, caller.AccountId, CapMeter.Money, CapWindow.Day, 100_000_000_000)).Refusal);
    }

    private static async Task CrossAlertsAsync(PortalApp app, Caller caller)
    {
        var ledger = app.Services.GetRequiredService<LedgerWriter>();
        var allowance = new AccountRef(LedgerCodes.Allowance, Unit.Tokens, ExpiresAt: app.Services.GetRequiredService<TimeProvider>().GetUtcNow().AddDays(20));
        Assert.Null((await ledger.Apply(new Move(caller.AccountId, "grant", "test", [new(new AccountRef(LedgerCodes.Issued, Unit.Tokens), allowance, 50_000, "grant")]))).Refusal);
        Assert.Null((await ledger.Apply(new Move(caller.AccountId, "use", "test", [new(allowance, new AccountRef(LedgerCodes.Used, Unit.Tokens), 46_000, "use")]))).Refusal);
        await using var scope = app.Services.CreateAsyncScope();
        var desk = scope.ServiceProvider.GetRequiredService<AlertDesk>();
        var low = (await desk.Read(caller)).Value.Rules.Single(r => r.Kind == AlertKind.LowBalance);
        Assert.Null((await desk.Change(caller, low.Id, 5000, enabled: true)).Refusal);
        await scope.ServiceProvider.GetRequiredService<AlertRun>().Look(caller.AccountId);
    }

    private static async Task RedeemAsync(PortalApp app, Caller caller)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var desk = scope.ServiceProvider.GetRequiredService<CouponDesk>();
        var redeemer = scope.ServiceProvider.GetRequiredService<CouponRedeemer>();
        var admin = await CallerAsync(app, "admin@demo.example");
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        var discount = new NewCoupon(Guid.NewGuid(), "SUMMER-SALE", CouponKind.Percent, Money.Zero, 20, 30, false, 1, 1000, today.AddYears(-1), null);
        NewCoupon[] coupons =
        [
            discount, discount with { Id = Guid.NewGuid(), Code = "PARTNERS-ONLY", PercentOff = 15, Exclusive = true, LimitEach = 2, LimitTotal = 1 },
            discount with { Id = Guid.NewGuid(), Code = "WELCOME-GIFT-FOR-NEW-CUSTOMERS", Kind = CouponKind.Credit, Amount = Money.FromAmount(50m) },
            discount with { Id = Guid.NewGuid(), Code = "NEXT-ANNIVERSARY", FirstDay = today.AddYears(5) },
        ];
        foreach (var coupon in coupons)
        {
            Assert.Null((await desk.Make(admin, coupon)).Refusal);
            if (coupon.FirstDay <= today) Assert.Null((await redeemer.Redeem(caller, coupon.Code, Guid.NewGuid())).Refusal);
        }
    }

    // One as it is usually, and one whose trial went wrong.
    private static async Task NameModelsAsync(PortalApp app)
    {
        var now = TimeProvider.System.GetUtcNow();
        await using var db = app.Database.Open();
        db.ModelAliases.AddRange(
            new ModelAlias { Id = Guid.NewGuid(), Unit = Unit.Tokens, Name = "light", Model = "guide", Canary = "guide-smaller-with-a-rather-long-name", CanaryPercent = 5, Version = 1, ChangedAt = now },
            new ModelAlias { Id = Guid.NewGuid(), Unit = Unit.Images, Name = "sketch", Model = "shapes", Version = 2, ChangedAt = now, RolledBackModel = "shapes-next", RolledBackAt = now, RollbackReason = "cost" });
        await db.SaveChangesAsync();
    }

    private static async Task InviteAsync(PortalApp app)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var members = scope.ServiceProvider.GetRequiredService<MemberDesk>();
        var owner = await CallerAsync(app, "owner@school.example");
        Assert.Null((await scope.ServiceProvider.GetRequiredService<BudgetDesk>().Set(owner, (await CallerAsync(app, "student@school.example")).MembershipId, CapMeter.Tokens, CapWindow.Day, 20_000)).Refusal);
        Assert.Null((await members.Invite(owner, Invited, MemberRole.Member, app.Address.ToString(), "en", Guid.NewGuid())).Refusal);
    }

    private static async Task<Guid> WriteAsync(PortalApp app, Caller caller, Caller support)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var desk = scope.ServiceProvider.GetRequiredService<TicketDesk>();
        var ticket = (await desk.Open(caller, "The receipt of my top-up shows the wrong name of our company", "Could you put the company's name on it?\n\nThe number is TOP-2026-000001.", Guid.NewGuid())).Value;
        Assert.Null((await desk.Reply(support, ticket, "Gladly. Which name should it say?", atDesk: true, Guid.NewGuid())).Refusal);
        Assert.Null((await desk.Open(caller, "Invoice for March", "Please send it again.", Guid.NewGuid())).Refusal);
        return ticket;
    }
}
