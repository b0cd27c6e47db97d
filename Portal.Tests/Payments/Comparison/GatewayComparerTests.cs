using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Payments;
using Portal.Payments.Comparison;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Payments.Comparison;

public sealed class GatewayComparerTests
{
    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task What_was_paid_and_refunded_is_the_same_on_both_sides(DatabaseProvider provider)
    {
        await using var scene = await PaymentScene.CreateAsync(provider);
        var payment = await scene.TopUpAsync("100");
        await scene.TopUpAsync("334.99");
        Assert.Null((await scene.RefundAsync(payment.Id, "40")).Refusal);
        await scene.Host.DeliverAsync();

        var compared = await CompareAsync(scene);

        Assert.Equal((2, 1, 0), (compared.Payments, compared.Refunds, compared.Mended));
        Assert.Empty(compared.Differences);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task F14_what_the_portal_was_never_told_in_72_hours_is_written_down_and_no_difference_is_left(DatabaseProvider provider)
    {
        await using var scene = await PaymentScene.CreateAsync(provider);
        scene.Host.RefuseWebhooks = true;
        var payment = await scene.PayAsync("100");
        scene.Host.Time.Advance(TimeSpan.FromHours(72));

        var first = await CompareAsync(scene);
        await RefundAtTheGatewayAsync(scene, payment.Id, "2500");
        var second = await CompareAsync(scene);
        var third = await CompareAsync(scene);

        Assert.Equal((1, 1, 0), (first.Mended, second.Mended, third.Mended));
        Assert.All((GatewayComparison[])[first, second, third], comparison => Assert.Empty(comparison.Differences));
        Assert.Equal(75, await scene.BalanceAsync());
    }

    [Theory]
    [InlineData("winning_evidence", 100)]
    [InlineData("losing_evidence", 0)]
    public async Task F14_a_dispute_that_began_and_ended_unheard_is_written_down_and_no_difference_is_left(string evidence, int balance)
    {
        await using var scene = await PaymentScene.CreateAsync();
        await scene.TopUpAsync("100", "4000000000000259");
        scene.Host.RefuseWebhooks = true;
        var dispute = (await scene.Host.GetAsync("disputes"))["data"]![0]!["id"]!.GetValue<string>();
        await scene.Host.PostAsync($"disputes/{dispute}", ("evidence[uncategorized_text]", evidence));

        var compared = await CompareAsync(scene);

        Assert.Equal((1, 1), (compared.Disputes, compared.Mended));
        Assert.Empty(compared.Differences);
        Assert.Equal(balance, await scene.BalanceAsync());
    }

    [Fact]
    public async Task Money_at_the_gateway_that_nobody_here_asked_for_is_a_difference_and_nobodys_credit()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var intent = await scene.Host.PostAsync("payment_intents", ("amount", "700"), ("currency", "cny"), ("confirm", "true"), ("payment_method", "pm_card_visa"));

        var difference = Assert.Single((await CompareAsync(scene)).Differences);

        Assert.Equal((GatewayObject.Payment, GatewayDifferenceKind.UnknownHere), (difference.What, difference.Kind));
        Assert.Equal((intent["id"]!.GetValue<string>(), "succeeded", 7m), (difference.GatewayId, difference.TheirsState, new Money(difference.TheirsNanos!.Value).Amount));
        Assert.Null(difference.OursNanos);
    }

    [Fact]
    public async Task Another_amount_there_and_a_payment_that_is_missing_there_are_differences()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var (changed, lost) = (await scene.TopUpAsync("100"), await scene.TopUpAsync("50"));
        await RewriteAsync(scene, changed.PaymentIntentId!, row => row.Json = row.Json.Replace("\"amount_received\":10000", "\"amount_received\":9900", StringComparison.Ordinal));
        await RewriteAsync(scene, lost.PaymentIntentId!, row => row.Type = "gone");

        var differences = (await CompareAsync(scene)).Differences;

        Assert.Equal(
            [(changed.PaymentIntentId, GatewayDifferenceKind.Differs), (lost.PaymentIntentId, GatewayDifferenceKind.UnknownThere)],
            differences.Select(d => ((string?)d.GatewayId, d.Kind)));
        Assert.All(differences, d => Assert.Equal(scene.Customer.AccountId, d.AccountId));
    }

    [Fact]
    public async Task While_the_gateway_is_down_nothing_is_compared_and_nothing_is_claimed()
    {
        await using var scene = await PaymentScene.CreateAsync();
        await scene.TopUpAsync("100");
        scene.Host.Faults.Set(new() { ApiDown = true });

        var answered = await scene.Host.WhileTimePassesAsync(scene.Host.Get<GatewayComparer>().Compare(Administrator(scene), TestContext.Current.CancellationToken));

        Assert.Equal("gateway.unreachable", answered.Refusal?.Code);
        Assert.Empty((await scene.Host.Get<GatewayComparer>().Read(Administrator(scene), TestContext.Current.CancellationToken)).Value);
    }

    [Fact]
    public async Task Only_an_administrator_compares_and_reads()
    {
        await using var scene = await PaymentScene.CreateAsync();
        var comparer = scene.Host.Get<GatewayComparer>();

        foreach (var caller in (Caller[])[scene.Customer, scene.Staff])
        {
            Assert.Equal(Refusal.NotFound, (await comparer.Compare(caller, TestContext.Current.CancellationToken)).Refusal);
            Assert.Equal(Refusal.NotFound, (await comparer.Read(caller, TestContext.Current.CancellationToken)).Refusal);
        }
    }

    private static async Task<GatewayComparison> CompareAsync(PaymentScene scene)
    {
        var comparer = scene.Host.Get<GatewayComparer>();
        Assert.Null((await comparer.Compare(Administrator(scene), TestContext.Current.CancellationToken)).Refusal);
        scene.Host.Time.Advance(TimeSpan.FromMinutes(1));
        return (await comparer.Read(Administrator(scene), TestContext.Current.CancellationToken)).Value[0];
    }

    private static Caller Administrator(PaymentScene scene) => scene.Staff with { IsAdministrator = true };

    private static async Task RefundAtTheGatewayAsync(PaymentScene scene, Guid paymentId, string minor) =>
        await scene.Host.PostAsync("refunds", ("payment_intent", (await scene.PaymentAsync(paymentId)).PaymentIntentId!), ("amount", minor));

    private static async Task RewriteAsync(PaymentScene scene, string id, Action<SandboxObject> rewrite)
    {
        await using var db = scene.Host.Database.Open();
        rewrite(await db.SandboxObjects.SingleAsync(o => o.Id == id));
        await db.SaveChangesAsync();
    }
}
