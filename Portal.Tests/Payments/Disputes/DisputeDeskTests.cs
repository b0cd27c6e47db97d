using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Payments;
using Portal.Payments;
using Portal.Payments.Disputes;
using Portal.Payments.Gateway;
using Portal.Payments.Sandbox.Delivery;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Payments.Disputes;

public sealed class DisputeDeskTests
{
    private const string DisputedCard = "4000000000000259";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_dispute_is_listed_with_its_deadline_and_evidence_goes_to_the_bank(DatabaseProvider provider)
    {
        await using var scene = await PaymentScene.CreateAsync(provider);
        await scene.TopUpAsync("100", DisputedCard);
        var desk = scene.Host.Get<DisputeDesk>();

        var open = Assert.Single((await desk.List(scene.Staff, Cancel)).Value);
        scene.Host.Time.Advance(TimeSpan.FromDays(1));
        var later = Assert.Single((await desk.List(scene.Staff, Cancel)).Value);
        var answered = (await desk.Answer(scene.Staff, open.Id, " 1,204 prompts were answered ", Cancel)).Value;

        Assert.Equal((100m, 100m, "fraudulent", DisputeStatus.NeedsResponse), (open.Amount.Amount, open.Frozen.Amount, open.Reason, open.Status));
        Assert.Equal(TimeSpan.FromDays(1), open.Left - later.Left);
        Assert.Equal((DisputeStatus.UnderReview, "1,204 prompts were answered"), (answered.Status, answered.Evidence));
        Assert.Equal("1,204 prompts were answered", (await scene.Host.GetAsync("disputes"))["data"]![0]!["evidence"]!["uncategorized_text"]!.GetValue<string>());
        await scene.Host.DeliverAsync();
        Assert.Equal(DisputeStatus.UnderReview, Assert.Single((await desk.List(scene.Staff, Cancel)).Value).Status);
        Assert.Null((await scene.Host.Get<PaymentHistory>().Read(scene.Customer, scene.Customer.AccountId, 10, Cancel)).Value[0].Dispute!.Evidence);
    }

    [Theory]
    [InlineData("winning_evidence", DisputeStatus.Won, 100)]
    [InlineData("losing_evidence", DisputeStatus.Lost, 0)]
    public async Task The_bank_decides_at_once_and_events_that_come_again_or_late_change_nothing(string evidence, DisputeStatus status, int balance)
    {
        await using var scene = await PaymentScene.CreateAsync();
        await scene.TopUpAsync("100", DisputedCard);
        var desk = scene.Host.Get<DisputeDesk>();
        var id = (await desk.List(scene.Staff, Cancel)).Value[0].Id;

        var answered = (await desk.Answer(scene.Staff, id, evidence, Cancel)).Value;
        scene.Host.Faults.Set(new FaultPlan(Reorder: true, Duplicates: 2));
        await scene.Host.DeliverAsync();
        foreach (var body in scene.Host.Arrived.ToList())
        {
            // Under another name, as the gateway never would.
            var forged = body.Replace("evt_", "evt_again", StringComparison.Ordinal);
            await scene.Host.SendWebhookAsync(forged, StripeSignature.Sign(PaymentsHost.WebhookSecret, System.Text.Encoding.UTF8.GetBytes(forged), scene.Host.Time.GetUtcNow()));
        }
        await scene.Host.Get<WebhookProcessor>().ProcessLeftovers(Cancel);

        Assert.Equal((status, balance), (answered.Status, await scene.BalanceAsync()));
        Assert.Empty((await desk.List(scene.Staff, Cancel)).Value);
        Assert.Equal("dispute.closed", (await desk.Answer(scene.Staff, id, "More", Cancel)).Refusal?.Code);
    }

    [Fact]
    public async Task What_was_spent_is_not_frozen_and_a_lost_dispute_takes_no_more_than_what_was()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var payment = await scene.PayAsync("100", DisputedCard);
        scene.Host.Faults.Set(new FaultPlan(Reorder: true));
        await scene.Host.DeliverAsync();
        await scene.Host.Get<WebhookProcessor>().ProcessLeftovers(Cancel);
        await scene.TopUpAsync("50");
        var desk = scene.Host.Get<DisputeDesk>();
        var dispute = (await desk.List(scene.Staff, Cancel)).Value[0];

        await desk.Answer(scene.Staff, dispute.Id, "losing_evidence", Cancel);

        Assert.Equal((payment.Id, 50m), (dispute.PaymentId, await scene.BalanceAsync()));
    }

    [Fact]
    public async Task Evidence_is_a_text_by_staff_in_time_and_a_lost_answer_may_be_sent_again()
    {
        await using var scene = await PaymentScene.CreateAsync();
        await scene.TopUpAsync("100", DisputedCard);
        var desk = scene.Host.Get<DisputeDesk>();
        var id = (await desk.List(scene.Staff, Cancel)).Value[0].Id;

        Assert.Equal(Refusal.NotFound, (await desk.List(scene.Customer, Cancel)).Refusal);
        Assert.Equal(Refusal.NotFound, (await desk.Answer(scene.Customer, id, "Text", Cancel)).Refusal);
        Assert.Equal(Refusal.NotFound, (await desk.Answer(scene.Staff, "dp_none", "Text", Cancel)).Refusal);
        Assert.Equal("dispute.evidence", (await desk.Answer(scene.Staff, id, " ", Cancel)).Refusal?.Code);
        Assert.Equal("dispute.evidence", (await desk.Answer(scene.Staff, id, new string('x', 4001), Cancel)).Refusal?.Code);
        scene.Host.Faults.Set(new FaultPlan(LoseAnswers: 4));
        Assert.Equal("dispute.unreachable", (await scene.Host.WhileTimePassesAsync(desk.Answer(scene.Staff, id, "Text", Cancel))).Refusal?.Code);
        scene.Host.Faults.Set(new FaultPlan());
        Assert.Equal(DisputeStatus.UnderReview, (await desk.Answer(scene.Staff, id, "Text", Cancel)).Value.Status);
        Assert.Equal(1, (await scene.Host.GetAsync("disputes"))["data"]![0]!["evidence_details"]!["submission_count"]!.GetValue<int>());
        scene.Host.Time.Advance(TimeSpan.FromDays(8));
        Assert.Equal("dispute.late", (await desk.Answer(scene.Staff, id, "Late", Cancel)).Refusal?.Code);
    }

    [Fact]
    public async Task The_staff_are_told_once_when_it_opens_and_once_before_the_deadline()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var (support, _) = (await scene.HireAsync(), await scene.OpenAccountAsync());
        await scene.TopUpAsync("100", DisputedCard);
        var alerts = scene.Host.Get<DisputeAlerts>();

        await alerts.Run(Cancel);
        await alerts.Run(Cancel);
        var first = await Letters(scene);
        scene.Host.Time.Advance(TimeSpan.FromDays(6));
        await alerts.Run(Cancel);
        await alerts.Run(Cancel);

        Assert.Equal(["A payment of ¥100.00 is disputed"], first);
        Assert.Equal(["A payment of ¥100.00 is disputed", "Evidence for a dispute of ¥100.00 is due"], await Letters(scene));
        await using var db = scene.Host.Database.Open();
        var address = await db.Users.Where(p => p.Id == support.PersonId).Select(p => p.Email).SingleAsync(Cancel);
        Assert.All(await db.OutboxMails.ToListAsync(Cancel), mail => Assert.Equal(address, mail.To));
        await db.OutboxMails.ExecuteDeleteAsync(Cancel);
    }

    private static async Task<List<string>> Letters(PaymentScene scene)
    {
        await using var db = scene.Host.Database.Open();
        return await db.OutboxMails.OrderBy(m => m.Subject).Select(m => m.Subject).ToListAsync(Cancel);
    }
}
