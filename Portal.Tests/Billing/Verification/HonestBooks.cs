using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Billing.Rating;
using Portal.Catalog;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Catalog;
using Portal.Data.Jobs;
using Portal.Data.Payments;
using Portal.Data.Support;
using Portal.Support.Audit;
using Portal.Tests.Fixtures;
using static Portal.Tests.Billing.Ledger.WalletScene;

namespace Portal.Tests.Billing.Verification;

/// <summary>Small books with at least one row of every kind that the verifier looks at.</summary>
internal sealed class HonestBooks(TestDatabase database, FakeTime time)
{
    private static readonly PriceTerms Terms = new(
        1, "guide", null, [new MeterRate(Meters.InputTokens, 0.001m, 0, 0, []), new MeterRate(Meters.OutputTokens, 0.002m, 0, 0, [])], []);

    private readonly LedgerWriter ledger = new(database.Factory, time, new WalletEvents());

    private Guid wallet;
    private Guid seat;
    private Guid payment;

    public async Task Write()
    {
        var (account, membership) = await Books.OpenAccount(database.Factory, time);
        (wallet, seat) = (account.Id, membership.Id);
        payment = await Books.TopUp(database.Factory, time, wallet, 20m);
        await Grant();
        await Done(new SetCap(wallet, seat, CapMeter.Money, CapWindow.Total, Money.FromAmount(1000m).Nanos));
        await Prompt(MeteredUsage.Text(100, 200), MeteredUsage.Text(90, 60));
        await Prompt(MeteredUsage.Text(100, 900), MeteredUsage.Text(100, 800));
        await Hold(MeteredUsage.Text(10, 10));
        await Refund(RefundStatus.Succeeded, 3m);
        await Refund(RefundStatus.Failed, 2m);
        await Refund(RefundStatus.Pending, 1m);
        await Dispute(2m);
        await AddRows();
    }

    private async Task Grant()
    {
        var leg = new Leg(
            new AccountRef(LedgerCodes.Issued, Unit.Tokens), new AccountRef(LedgerCodes.Allowance, Unit.Tokens, ExpiresAt: time.GetUtcNow().AddDays(30)), 400, "grant");
        await Done(new Move(wallet, "grant:1", "period", [leg]));
    }

    private async Task<Guid> Hold(MeteredUsage worst)
    {
        var id = Guid.NewGuid();
        await Done(new HoldPrompt(wallet, id, By(seat), false, worst, Terms, July, time.GetUtcNow().AddMinutes(10), null));
        return id;
    }

    private async Task Prompt(MeteredUsage worst, MeteredUsage measured)
    {
        var id = await Hold(worst);
        await Done(new SettlePrompt(wallet, id, measured, End));
    }

    private async Task Refund(RefundStatus status, decimal yuan)
    {
        var id = Guid.NewGuid();
        var nanos = Money.FromAmount(yuan).Nanos;
        await Done(new Draw(
            wallet, $"refund:{id:N}", $"{id:N}", "refund", Unit.Money, nanos, [LedgerCodes.CreditPurchased], new AccountRef(LedgerCodes.Clearing, Unit.Money), HoldId: id));
        if (status == RefundStatus.Succeeded) await Done(new PostHold(wallet, id));
        if (status == RefundStatus.Failed) await Done(new VoidHold(wallet, id));
        await using var db = database.Open();
        db.Refunds.Add(new Refund
        {
            Id = id, PaymentId = payment, AccountId = wallet, RequesterId = Guid.NewGuid(), AmountNanos = nanos, Reason = "asked", Status = status, CreatedAt = time.GetUtcNow(),
        });
        if (status == RefundStatus.Succeeded)
        {
            db.Invoices.Add(new Invoice
            {
                Id = Guid.NewGuid(), AccountId = wallet, Kind = InvoiceKind.CreditNote, Year = 2026, Sequence = 1, Number = "CN-2026-000001", IssuedAt = time.GetUtcNow(),
                BuyerName = "Somebody", TotalNanos = -nanos, Reference = $"{id}", Lines = [new InvoiceLine { Kind = "refund", Detail = "", AmountNanos = -nanos }],
            });
        }
        (await db.Payments.SingleAsync(p => p.Id == payment)).RefundedNanos += status == RefundStatus.Failed ? 0 : nanos;
        await db.SaveChangesAsync();
    }

    private async Task Dispute(decimal yuan)
    {
        var nanos = Money.FromAmount(yuan).Nanos;
        var dispute = new Dispute { Id = "dp_1", PaymentId = payment, AccountId = wallet, AmountNanos = nanos, FrozenNanos = nanos, Reason = "fraudulent", OpenedAt = time.GetUtcNow() };
        await Done(new Draw(
            wallet, "dispute:1", "dp_1", "dispute", Unit.Money, nanos, [LedgerCodes.CreditPurchased], new AccountRef(LedgerCodes.Disputed, Unit.Money), HoldId: dispute.HoldId));
        await using var db = database.Open();
        db.Disputes.Add(dispute);
        await db.SaveChangesAsync();
    }

    private async Task AddRows()
    {
        var now = time.GetUtcNow();
        await using var db = database.Open();
        db.Payments.Add(new Payment
        {
            Id = Guid.NewGuid(), AccountId = wallet, PersonId = Guid.NewGuid(), AmountNanos = Money.FromAmount(5m).Nanos, Status = PaymentStatus.Failed, FormKey = "declined", CreatedAt = now,
        });
        var plan = new Plan { Key = "plan", Version = 1, NameEn = "Plan", NameZh = "套餐", PublishedAt = now };
        db.Plans.Add(plan);
        await db.SaveChangesAsync();
        db.Invoices.Add(new Invoice
        {
            Id = Guid.NewGuid(), AccountId = wallet, Kind = InvoiceKind.TopUp, Year = 2026, Sequence = 1, Number = "RCP-2026-000001", IssuedAt = now, BuyerName = "Somebody",
            TotalNanos = Money.FromAmount(20m).Nanos, Reference = $"{payment}", Lines = [new InvoiceLine { Kind = "topup", Detail = "", AmountNanos = Money.FromAmount(20m).Nanos }],
        });
        db.Counters.Add(new Counter { WalletId = Guid.Empty, Key = "number:TopUp:2026", Used = 1 });
        var subscription = new Subscription { Id = Guid.NewGuid(), AccountId = wallet, Plan = plan, Anchor = now, PeriodStart = now.AddMonths(1), PeriodEnd = now.AddMonths(2) };
        db.Subscriptions.Add(subscription);
        for (var month = 0; month < 2; month++)
        {
            var invoice = new Invoice
            {
                Id = Guid.NewGuid(), AccountId = wallet, Kind = InvoiceKind.Plan, Year = 2026, Sequence = month + 1, Number = $"INV-2026-00000{month + 1}", IssuedAt = now, BuyerName = "Somebody",
                TotalNanos = 30, Reference = $"period {month}",
                Lines = [new InvoiceLine { Kind = "plan", Detail = "plan", AmountNanos = 20 }, new InvoiceLine { Kind = "plan", Detail = "rest", AmountNanos = 10 }],
            };
            db.Invoices.Add(invoice);
            await Done(new Move(wallet, invoice.Reference, invoice.Reference,
                [new Leg(new AccountRef(LedgerCodes.CreditPurchased, Unit.Money), new AccountRef(LedgerCodes.RevenuePlan, Unit.Money), 30, "plan.fee")]));
            db.SubscriptionPeriods.Add(new SubscriptionPeriod { SubscriptionId = subscription.Id, Start = now.AddMonths(month), End = now.AddMonths(month + 1), PaidEnd = now.AddMonths(month + 1), PlanId = plan.Id, FeeNanos = 30, InvoiceId = invoice.Id });
        }
        var coupon = new Coupon { Id = Guid.NewGuid(), Code = "LAUNCH", AmountNanos = 7_000, Days = 30, LimitTotal = 1, Redeemed = 1, ValidFrom = now, CreatedAt = now };
        var redemption = new CouponRedemption { Id = Guid.NewGuid(), Coupon = coupon, AccountId = wallet, Number = 1, At = now, From = now, Until = now.AddDays(30) };
        db.CouponRedemptions.Add(redemption);
        await Done(new Move(wallet, "coupon", $"{redemption.Id:N}",
            [new Leg(new AccountRef(LedgerCodes.Issued, Unit.Money), new AccountRef(LedgerCodes.CreditGranted, Unit.Money, redemption.Id, redemption.Until), 7_000, "coupon")]));
        (await db.Payments.SingleAsync(p => p.Id == payment)).SessionId = "cs_1";
        db.GatewayCustomers.Add(new GatewayCustomer { AccountId = wallet, CustomerId = "cus_1", CreatedAt = now });
        db.SavedCards.AddRange(((string[])["pm_1", "pm_2"]).Select(id => new SavedCard
        {
            Id = Guid.NewGuid(), AccountId = wallet, MethodId = id, Brand = "visa", Last4 = "4242", ExpiryMonth = 12, ExpiryYear = 2034, IsDefault = id == "pm_1", CreatedAt = now,
        }));
        const string Paid = """{"id":"evt_1","data":{"object":{"id":"cs_1","payment_status":"paid","amount_total":2000}}}""";
        db.WebhookEvents.Add(new WebhookEvent { Id = "evt_1", Type = "checkout.session.completed", Body = Paid, ReceivedAt = now, ProcessedAt = now });
        db.OutboxMails.Add(new OutboxMail { Id = Guid.NewGuid(), DedupKey = "mail 1", To = "a@example.com", Subject = "Hello", Html = "<p>Hello</p>", CreatedAt = now, SentAt = now, NextAttemptAt = now });
        for (var number = 1; number <= 4; number++)
        {
            db.AuditEntries.Add(new AuditEntry { At = now, PersonId = Guid.NewGuid(), AccountId = wallet, Action = "test.done", Subject = $"{number}", Detail = "为了测试", Before = "a", After = "b", Reason = "c" });
        }

        await db.SaveChangesAsync();
        await new AuditSealer(database.Factory).Seal();
    }

    private async Task Done(LedgerCommand command) => Assert.Null((await ledger.Apply(command)).Refusal);
}
