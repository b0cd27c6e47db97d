using Microsoft.EntityFrameworkCore;
using Portal.Accounts;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Payments;
using Portal.Payments;
using Portal.Payments.Refunds;
using Portal.Payments.Sandbox.Delivery;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Payments.Refunds;

public sealed class RefundApprovalsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_refund_above_the_limit_is_held_until_another_person_agrees(DatabaseProvider provider)
    {
        await using var scene = await PaymentScene.CreateAsync(provider);
        var (support, other) = (await scene.HireAsync(), await scene.HireAsync());
        var payment = await scene.TopUpAsync("800");

        var asked = await scene.RefundAsync(payment.Id, "600", caller: support);
        var (waits, during, listed) = (asked.Value.Status, await scene.BalanceAsync(), Assert.Single((await Desk(scene).Waiting(other)).Value));
        var sentBefore = (await scene.Host.GetAsync("refunds"))["data"]!.AsArray().Count;
        var approved = await Desk(scene).Approve(other, asked.Value.Id, Cancel);
        await scene.Host.DeliverAsync();

        Assert.Equal((RefundStatus.AwaitingApproval, 200, 0), (waits, during, sentBefore));
        Assert.Equal((600m, "visa 4242", "Asked for it", (Refusal?)null), (listed.Amount.Amount, listed.To, listed.Reason, listed.WhyNot));
        Assert.Equal(RefundStatus.Succeeded, approved.Value.Status);
        Assert.Equal(200, await scene.BalanceAsync());
        Assert.Empty((await Desk(scene).Waiting(other)).Value);
        Assert.Equal(["refund.approved", "refund.awaits"], await Audit(scene));
    }

    [Fact]
    public async Task Halves_of_a_refund_count_together()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var payment = await scene.TopUpAsync("800");

        var first = await scene.RefundAsync(payment.Id, "300");
        var second = await scene.RefundAsync(payment.Id, "200.01");

        Assert.Equal((RefundStatus.Succeeded, RefundStatus.AwaitingApproval), (first.Value.Status, second.Value.Status));
        await Desk(scene).Reject(await scene.HireAsync(), second.Value.Id, "Split", Cancel);
    }

    [Fact]
    public async Task Nobody_agrees_to_their_own_refund_with_whichever_account_address_or_role()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var support = await scene.HireAsync(email: "ada@example.com");
        var payment = await scene.TopUpAsync("800");
        var id = (await scene.RefundAsync(payment.Id, "600", caller: support)).Value.Id;
        var elsewhere = await scene.OpenAccountAsync();
        var alias = await scene.HireAsync(Roles.Administrator, "Ada+boss@example.com");

        Refusal?[] answers =
        [
            (await Desk(scene).Approve(support, id, Cancel)).Refusal,
            (await Desk(scene).Approve(support with { AccountId = elsewhere.AccountId, MembershipId = elsewhere.MembershipId }, id, Cancel)).Refusal,
            (await Desk(scene).Approve(support with { IsSupport = false, IsAdministrator = true }, id, Cancel)).Refusal,
            (await Desk(scene).Approve(alias, id, Cancel)).Refusal,
        ];

        Assert.All(answers, answer => Assert.Equal("refund.same-person", answer?.Code));
        Assert.Equal("refund.same-person", Assert.Single((await Desk(scene).Waiting(support)).Value).WhyNot?.Code);
        Assert.Equal(200, await scene.BalanceAsync());
    }

    [Fact]
    public async Task Whoever_gains_or_is_staff_no_more_decides_nothing()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var payment = await scene.TopUpAsync("800");
        var id = (await scene.RefundAsync(payment.Id, "600")).Value.Id;
        var (friend, left, locked) = (await scene.HireAsync(), await scene.HireAsync(), await scene.HireAsync());
        await using (var db = scene.Host.Database.Open())
        {
            db.Memberships.Add(new Membership { Id = Guid.NewGuid(), AccountId = scene.Customer.AccountId, PersonId = friend.PersonId, CreatedAt = scene.Host.Time.GetUtcNow(), AcceptedAt = scene.Host.Time.GetUtcNow(), RemovedAt = scene.Host.Time.GetUtcNow() });
            await db.UserRoles.Where(r => r.UserId == left.PersonId).ExecuteDeleteAsync(Cancel);
            (await db.Users.SingleAsync(p => p.Id == locked.PersonId, Cancel)).LockoutEnd = StaffLock.End;
            await db.SaveChangesAsync(Cancel);
        }

        Assert.Equal("refund.own-account", (await Desk(scene).Approve(friend, id, Cancel)).Refusal?.Code);
        Assert.Equal(Refusal.Forbidden, (await Desk(scene).Approve(left, id, Cancel)).Refusal);
        Assert.Equal(Refusal.Forbidden, (await Desk(scene).Reject(locked, id, "No", Cancel)).Refusal);
        Assert.Equal(Refusal.NotFound, (await Desk(scene).Approve(scene.Customer, id, Cancel)).Refusal);
        Assert.Equal(Refusal.NotFound, (await Desk(scene).Approve(friend, Guid.NewGuid(), Cancel)).Refusal);
        Assert.Equal(Refusal.NotFound, (await Desk(scene).Waiting(scene.Customer)).Refusal);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Of_several_decisions_at_once_the_first_counts_and_money_goes_once(DatabaseProvider provider)
    {
        await using var scene = await PaymentScene.CreateAsync(provider);
        var payment = await scene.TopUpAsync("800");
        var id = (await scene.RefundAsync(payment.Id, "600")).Value.Id;
        Caller[] people = [await scene.HireAsync(), await scene.HireAsync(), await scene.HireAsync()];

        var decisions = await Task.WhenAll(
            Desk(scene).Approve(people[0], id, Cancel), Desk(scene).Approve(people[1], id, Cancel), Desk(scene).Reject(people[2], id, "No", Cancel));

        Assert.Single(decisions, d => d.Refusal is null);
        Assert.All(decisions.Where(d => d.Refusal is not null), d => Assert.Equal("refund.decided", d.Refusal!.Code));
        var refund = Assert.Single((await scene.PaymentAsync(payment.Id)).Refunds);
        var paidOut = (await scene.Host.GetAsync("refunds"))["data"]!.AsArray().Count;
        Assert.Equal(refund.Status == RefundStatus.Succeeded ? (1, 200m) : (0, 800m), (paidOut, await scene.BalanceAsync()));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Nobody_decided_and_the_credit_is_free_again_once(DatabaseProvider provider)
    {
        await using var scene = await PaymentScene.CreateAsync(provider);
        var payment = await scene.TopUpAsync("800");
        var id = (await scene.RefundAsync(payment.Id, "600")).Value.Id;
        scene.Host.Time.Advance(TimeSpan.FromDays(7));
        var late = await Desk(scene).Approve(await scene.HireAsync(), id, Cancel);

        var runs = await Task.WhenAll(Desk(scene).Lapse(Cancel), Desk(scene).Lapse(Cancel));

        Assert.Equal("refund.lapsed", late.Refusal?.Code);
        Assert.Equal((1, 800m), (runs.Sum(), await scene.BalanceAsync()));
        Assert.Equal(0, (await scene.PaymentAsync(payment.Id)).RefundedNanos);
        Assert.Equal(RefundStatus.Rejected, (await scene.PaymentAsync(payment.Id)).Refunds[0].Status);
    }

    [Fact]
    public async Task A_refund_that_cannot_lapse_keeps_no_other_waiting_and_is_tried_again()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var (first, second) = (await scene.TopUpAsync("800"), await scene.TopUpAsync("700"));
        var broken = (await scene.RefundAsync(first.Id, "600")).Value.Id;
        scene.Host.Time.Advance(TimeSpan.FromMinutes(1));
        await scene.RefundAsync(second.Id, "600");
        scene.Host.Time.Advance(TimeSpan.FromDays(8));
        await PointAsync(Guid.NewGuid());

        Assert.Equal((1, 900m), (await Desk(scene).Lapse(Cancel), await scene.BalanceAsync()));
        await PointAsync(first.Id);
        Assert.Equal((1, 1500m), (await Desk(scene).Lapse(Cancel), await scene.BalanceAsync()));

        async Task PointAsync(Guid payment)
        {
            await using var db = scene.Host.Database.Open();
            await db.Database.OpenConnectionAsync(Cancel);
            await db.Database.ExecuteSqlRawAsync("PRAGMA foreign_keys = OFF", Cancel);
            Assert.Equal(1, await db.Refunds.Where(r => r.Id == broken).ExecuteUpdateAsync(set => set.SetProperty(r => r.PaymentId, payment), Cancel));
            await db.Database.ExecuteSqlRawAsync("PRAGMA foreign_keys = ON", Cancel);
        }
    }

    [Fact]
    public async Task B16_a_payout_that_was_approved_and_whose_answers_are_lost_is_sent_once()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var payment = await scene.TopUpAsync("800");
        var id = (await scene.RefundAsync(payment.Id, "600")).Value.Id;
        var other = await scene.HireAsync();
        scene.Host.Time.Advance(TimeSpan.FromDays(3));
        scene.Host.Faults.Set(new FaultPlan(LoseAnswers: 4, WebhooksDown: true));
        var approved = await scene.Host.WhileTimePassesAsync(Desk(scene).Approve(other, id, Cancel));
        scene.Host.Faults.Set(new FaultPlan());
        var again = await Desk(scene).Approve(other, id, Cancel);
        scene.Host.Time.Advance(TimeSpan.FromMinutes(2));

        await scene.Host.Get<Reconciler>().Reconcile(Cancel);

        Assert.Equal((RefundStatus.Unknown, "refund.decided"), (approved.Value.Status, again.Refusal?.Code));
        Assert.Equal(RefundStatus.Succeeded, (await scene.PaymentAsync(payment.Id)).Refunds[0].Status);
        Assert.Single((await scene.Host.GetAsync("refunds"))["data"]!.AsArray());
        Assert.Equal(200, await scene.BalanceAsync());
    }

    [Fact]
    public async Task B16_a_payout_that_never_reached_the_gateway_days_after_it_was_asked_for_is_sent_again()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var payment = await scene.TopUpAsync("800");
        var id = (await scene.RefundAsync(payment.Id, "600")).Value.Id;
        var other = await scene.HireAsync();
        scene.Host.Time.Advance(TimeSpan.FromDays(3));
        scene.Host.Faults.Set(new FaultPlan(ApiDown: true));
        await scene.Host.WhileTimePassesAsync(Desk(scene).Approve(other, id, Cancel));
        scene.Host.Faults.Set(new FaultPlan());
        scene.Host.Time.Advance(TimeSpan.FromHours(1));

        await scene.Host.Get<Reconciler>().Reconcile(Cancel);

        Assert.Equal(RefundStatus.Succeeded, (await scene.PaymentAsync(payment.Id)).Refunds[0].Status);
    }

    [Fact]
    public async Task A_refund_needs_a_reason_to_be_rejected_and_leaves_nothing_behind()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var payment = await scene.TopUpAsync("800");
        var id = (await scene.RefundAsync(payment.Id, "600")).Value.Id;
        var other = await scene.HireAsync();

        var without = await Desk(scene).Reject(other, id, " ", Cancel);
        var rejected = await Desk(scene).Reject(other, id, "The customer wants to keep it", Cancel);

        Assert.Equal(("reason.missing", RefundStatus.Rejected), (without.Refusal?.Code, rejected.Value.Status));
        Assert.Equal(800, await scene.BalanceAsync());
        Assert.Equal(["RCP-2026-000001 800"], await scene.DocumentsAsync());
        Assert.Equal(RefundStatus.AwaitingApproval, (await scene.RefundAsync(payment.Id, "800")).Value.Status);
    }

    private static RefundApprovals Desk(PaymentScene scene) => scene.Host.Get<RefundApprovals>();

    private static async Task<List<string>> Audit(PaymentScene scene)
    {
        await using var db = scene.Host.Database.Open();
        return await db.AuditEntries.Where(a => a.AccountId == scene.Customer.AccountId && a.Action.StartsWith("refund.")).OrderBy(a => a.Action).Select(a => a.Action).ToListAsync(Cancel);
    }
}
