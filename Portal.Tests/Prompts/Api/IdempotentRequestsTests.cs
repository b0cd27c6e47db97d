using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Accounts.Keys;
using Portal.Data.Billing;
using Portal.Prompts.Api;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Prompts.Api;

public sealed class IdempotentRequestsTests(PortalApp portal) : IClassFixture<PortalApp>
{
    [Theory]
    [InlineData("v1/chat/completions", """{"model":"guide","messages":[{"role":"user","content":"What is a token?"}],"max_tokens":4}""", "shapes")]
    [InlineData("v1/images/generations", """{"model":"shapes","prompt":"a red circle","size":"64x64","steps":1}""", "guide")]
    public async Task An_answer_is_not_given_again_to_a_key_that_may_not_use_its_model(string path, string body, string other)
    {
        var customer = await Customer.Arrive(portal);
        var owner = (await portal.Services.GetRequiredService<KeyDoor>().Open(customer.ApiKey)).Value;
        var bound = (await portal.Services.GetRequiredService<ApiKeys>().Create(owner, new KeyTerms("one model") { Models = [other] })).Value.Secret;

        var statuses = new List<HttpStatusCode>();
        foreach (var key in (string[])[customer.ApiKey, bound, customer.ApiKey]) statuses.Add(await Send(key, path, body));

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.OK], statuses);
        Assert.Single(await customer.Usage(portal));
    }

    [Fact]
    public async Task After_very_many_tries_without_a_charge_a_key_is_refused()
    {
        await using var scene = await PromptScene.Start();
        var scope = $"{scene.Owner.MembershipId:N}:busy";
        await using var db = scene.Database.Open();
        db.Holds.AddRange(Enumerable.Range(0, IdempotentRequests.TriesMax - 1).Select(number => new Hold
        {
            Id = IdempotentRequests.IdOf(scope, number), WalletId = scene.Owner.AccountId, State = HoldState.Voided, CreatedAt = scene.Time.GetUtcNow(), ResolvedAt = scene.Time.GetUtcNow(),
        }));
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        var last = (await Begin(scene, "busy")).Value.HoldId;
        db.Holds.Add(new Hold { Id = last, WalletId = scene.Owner.AccountId, State = HoldState.Expired, CreatedAt = scene.Time.GetUtcNow(), ResolvedAt = scene.Time.GetUtcNow() });
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);

        var refused = await Begin(scene, "busy");
        await db.Holds.ExecuteDeleteAsync(TestContext.Current.CancellationToken);

        Assert.Equal(IdempotentRequests.IdOf(scope, IdempotentRequests.TriesMax - 1), last);
        Assert.Equal(new Refusal("idempotency.tries", "1000"), refused.Refusal);
    }

    [Fact]
    public async Task The_key_of_a_stream_that_was_broken_off_gives_what_was_charged_as_long_as_it_is_kept_and_then_says_that_it_was_charged()
    {
        await using var scene = await PromptScene.Start(yuan: 1);
        var ticket = (await Begin(scene, "stream")).Value;
        using var stop = new CancellationTokenSource();
        var run = (await scene.Runner.Start(scene.Owner, PromptScene.Say("how to top up", id: ticket.HoldId) with { Keep = ticket.Keep }, stop.Token)).Value;
        scene.Text.Say(1);
        await run.Updates.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(ticket.HoldId, (await Begin(scene, "stream")).Value.HoldId);
        await stop.CancelAsync();
        var charged = (await run.Completion).Receipt!.Usage;

        var again = (await Begin(scene, "stream")).Value.Stored!;
        await using var db = scene.Database.Open();
        await db.IdempotencyRecords.ExecuteDeleteAsync(TestContext.Current.CancellationToken);
        var later = await Begin(scene, "stream");

        Assert.Equal(("one ", charged, true), (again.Text, again.Usage, again.BrokenOff));
        Assert.Equal(IdempotentRequests.BrokenOff, later.Refusal);
    }

    private static Task<Outcome<IdempotentRequests.Ticket>> Begin(PromptScene scene, string key)
    {
        var http = new DefaultHttpContext();
        http.Request.Headers["Idempotency-Key"] = key;
        return new IdempotentRequests(scene.Database.Factory, scene.Time).Begin(http, scene.Owner, "{}"u8.ToArray());
    }

    private async Task<HttpStatusCode> Send(string key, string path, string body)
    {
        using var client = portal.NewClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        client.DefaultRequestHeaders.Add("Idempotency-Key", $"order of {path}");
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return (await client.PostAsync(new Uri(path, UriKind.Relative), content)).StatusCode;
    }
}
