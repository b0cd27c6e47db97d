using Microsoft.EntityFrameworkCore;
using Portal.Billing.Invoices;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Billing.Subscriptions.Renewals;

/// <summary>The staff make invoices void that nobody has paid.</summary>
public sealed class InvoiceVoidsTests
{
    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Nothing_is_owed_any_more_the_number_stays_and_later_money_is_credit(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var (ada, staff) = (await UnpaidInvoicesTests.PastDueAsync(scene), await StaffAsync(scene));
        var (open, _) = await UnpaidInvoicesTests.NewestAsync(scene, ada);

        Assert.Null((await scene.Voids.Void(staff, open.Id, " Billed\0 by mistake\uD800 ")).Refusal);

        var (left, view) = await UnpaidInvoicesTests.NewestAsync(scene, ada);
        Assert.Equal((open.Number, InvoiceStatus.Void, VoidCause.Support, scene.Time.GetUtcNow()), (left.Number, left.Status, view.VoidCause, view.SettledAt));
        Assert.Null(await scene.Subscriptions.Current(ada.AccountId));
        Assert.Equal(new(0, 0, 0), await scene.RenewAsync());
        Assert.Equal(("invoice.void", open.Number), ((await scene.Voids.Void(staff, open.Id, "Again")).Refusal?.Code, left.Number));
        await using (var db = scene.Open())
        {
            var entry = await db.AuditEntries.SingleAsync(a => a.Action == "invoice.voided");
            Assert.Equal((staff.PersonId, (Guid?)ada.AccountId, $"{open.Id}", "open", "void", "Billed by mistake"), (entry.PersonId, entry.AccountId, entry.Subject, entry.Before, entry.After, entry.Reason));
            Assert.Equal("Invoice INV-2026-000002 is void", (await db.OutboxMails.SingleAsync(m => m.DedupKey.StartsWith("invoice.voided"))).Subject);
        }

        await scene.TopUpAsync(ada.AccountId, 98);
        Assert.False(await scene.RetryAsync(ada.AccountId));
        Assert.Equal(99m, (await scene.WalletAsync(ada.AccountId)).Spendable.Amount);
        scene.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("INV-2026-000003", await NextAsync(scene, ada));
        await scene.AssertBooksAsync();
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Of_a_payment_and_a_void_at_the_same_moment_exactly_one_wins(DatabaseProvider provider)
    {
        await using var scene = await BillingScene.CreateAsync(provider);
        var staff = await StaffAsync(scene);
        var customers = new List<(Caller Caller, Guid Invoice)>();
        for (var i = 0; i < 4; i++)
        {
            var ada = await scene.OpenAccountAsync(credit: 100);
            Assert.Null((await scene.ChooseAsync(ada, "image-basic")).Refusal);
            customers.Add((ada, Guid.Empty));
        }

        scene.Time.SetUtcNow((await scene.Subscriptions.Current(customers[0].Caller.AccountId))!.PeriodEnd);
        await scene.RenewAsync();
        for (var i = 0; i < customers.Count; i++)
        {
            customers[i] = (customers[i].Caller, (await UnpaidInvoicesTests.NewestAsync(scene, customers[i].Caller)).Summary.Id);
            await scene.TopUpAsync(customers[i].Caller.AccountId, 98);
        }

        var ends = await Task.WhenAll(customers.Select(async c =>
        {
            var (pay, end) = (scene.RetryAsync(c.Caller.AccountId), scene.Voids.Void(staff, c.Invoice, "Asked for it"));
            return (c.Caller, c.Invoice, Paid: await pay, Refused: (await end).Refusal?.Code);
        }));

        foreach (var (caller, invoice, paid, refused) in ends)
        {
            var status = (await new InvoiceReader(scene.Databases).Read(caller, invoice)).Value.Status;
            var spendable = (await scene.WalletAsync(caller.AccountId)).Spendable.Amount;
            Assert.Equal(paid ? (InvoiceStatus.Paid, "invoice.paid", 0m) : (InvoiceStatus.Void, null, 99m), (status, refused, spendable));
        }

        await scene.AssertBooksAsync();
    }

    [Fact]
    public async Task What_was_paid_stays_and_only_the_staff_may_with_a_reason_and_not_their_own()
    {
        await using var scene = await BillingScene.CreateAsync();
        var (ada, staff) = (await UnpaidInvoicesTests.PastDueAsync(scene), await StaffAsync(scene));
        var reader = new InvoiceReader(scene.Databases);
        var (open, paid) = ((await reader.List(ada, 10)).Value[0].Id, (await reader.List(ada, 10)).Value[1].Id);

        Assert.Equal("invoice.paid", (await scene.Voids.Void(staff, paid, "Asked for it")).Refusal?.Code);
        Assert.Equal("reason.missing", (await scene.Voids.Void(staff, open, " ")).Refusal?.Code);
        Assert.Equal("reason.missing", (await scene.Voids.Void(staff, open, new string('x', 501))).Refusal?.Code);
        Assert.Equal("adjust.own", (await scene.Voids.Void(ada with { IsSupport = true }, open, "Asked for it")).Refusal?.Code);
        Assert.Equal(Refusal.NotFound, (await scene.Voids.Void(ada, open, "Asked for it")).Refusal);
        Assert.Equal(Refusal.NotFound, (await scene.Voids.Void(staff, Guid.NewGuid(), "Asked for it")).Refusal);
        Assert.Equal(InvoiceStatus.Open, (await reader.Read(ada, open)).Value.Status);
        await scene.AssertBooksAsync();
    }

    private static async Task<Caller> StaffAsync(BillingScene scene) => await scene.OpenAccountAsync() with { IsSupport = true };

    /// <summary>The number of the next invoice.</summary>
    private static async Task<string> NextAsync(BillingScene scene, Caller caller)
    {
        Assert.Null((await scene.ChooseAsync(caller, "image-basic")).Refusal);
        return (await UnpaidInvoicesTests.NewestAsync(scene, caller)).Summary.Number;
    }
}
