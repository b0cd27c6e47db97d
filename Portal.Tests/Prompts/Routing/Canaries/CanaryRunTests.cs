using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.Data.Prompts;
using Portal.Inference;
using Portal.Jobs;
using Portal.Prompts.Routing;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Prompts.Routing.Canaries;

/// <summary>From prompts to the figures of a canary, and from those to its end.</summary>
public sealed class CanaryRunTests(PortalApp portal) : IClassFixture<PortalApp>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task What_prompts_cost_and_which_failed_is_counted_side_by_side(DatabaseProvider provider)
    {
        await using var scene = await PromptScene.Start(provider, yuan: 1);
        var next = new ScriptedText { Id = "next" };
        scene.Others.Add(next);
        scene.Statuses.Add(new("next", ModelKind.Text, ModelState.Ready));
        var alias = new ModelAlias { Id = Guid.NewGuid(), Unit = Unit.Tokens, Name = "flagship", Model = "guide", Canary = "next", CanaryPercent = 50, Version = 3 };
        await using (var db = scene.Database.Open())
        {
            db.ModelAliases.Add(alias);
            await db.SaveChangesAsync(Cancel);
        }

        var (charged, failed) = (new long[2], 0);
        for (var i = 1; i <= 12; i++)
        {
            var request = PromptScene.Say("how to top up", id: new Guid(i, 0, 0, new byte[8])) with { Model = "flagship" };
            var side = ModelRouter.IsCanary(request.Id, "flagship", 50) ? 1 : 0;
            if (side == 1 && failed++ == 0) next.Fail();
            else (side == 1 ? next : scene.Text).Say(5);
            charged[side] += (await scene.Run(request)).Receipt?.ChargedNanos ?? 0;
            if (i == 6) await scene.Tally.Flush(Cancel);
        }

        await scene.Tally.Flush(Cancel);
        await scene.Tally.Flush(Cancel);
        await using var read = scene.Database.Open();
        var figures = await read.AliasFigures.OrderBy(f => f.Canary).ToListAsync(Cancel);
        Assert.Equal([(false, 12 - failed, 0, charged[0]), (true, failed, 1, charged[1])], figures.Select(f => (f.Canary, (int)f.Requests, (int)f.Failures, f.ChargedNanos)));
        Assert.All(figures, f => Assert.Equal(3, f.Version));
    }

    [Fact]
    public async Task A_canary_that_fails_is_taken_back_once_audited_and_told_to_administrators()
    {
        var administrator = await portal.AddPersonAsync("canaries@example.com", "en", Portal.Accounts.Roles.Administrator);
        var (bad, good) = (Guid.NewGuid(), Guid.NewGuid());
        await using (var db = portal.Database.Open())
        {
            db.ModelAliases.AddRange(Alias(bad, "flagship"), Alias(good, "steady"));
            db.AliasFigures.AddRange(Side(bad, false, 0), Side(bad, true, 30), Side(good, false, 10), Side(good, true, 10));
            await db.SaveChangesAsync(Cancel);
        }

        var job = Schedule.Find("watch-canaries")!;
        Assert.Equal("1", await job.Run(portal.Services, Cancel));
        Assert.Null(await job.Run(portal.Services, Cancel));

        await using var read = portal.Database.Open();
        var taken = await read.ModelAliases.AsNoTracking().SingleAsync(a => a.Id == bad, Cancel);
        Assert.Equal((null, 0, 2, "next", "errors"), (taken.Canary, taken.CanaryPercent, taken.Version, taken.RolledBackModel, taken.RollbackReason));
        Assert.Equal("next", (await read.ModelAliases.AsNoTracking().SingleAsync(a => a.Id == good, Cancel)).Canary);
        Assert.Equal("flagship: next for its errors: 100 requests, 30 failed, 1000 nanos; guide: 100 requests, 0 failed, 1000 nanos", (await read.AuditEntries.SingleAsync(a => a.Action == "alias.rolled-back" && a.Subject == $"{bad}", Cancel)).Detail);
        var letter = await read.OutboxMails.SingleAsync(m => m.To == administrator.Email, Cancel);
        Assert.Contains("flagship", letter.Subject, StringComparison.Ordinal);
        Assert.Contains("100 requests, 30 % failed", letter.Html, StringComparison.Ordinal);
        Assert.Equal("guide", (await portal.Services.GetRequiredService<ModelRouter>().Find(PromptScene.Say("hello") with { Model = "flagship" }, Unit.Tokens, Cancel)).Value.Model);
    }

    [Fact]
    public async Task A_canary_that_cannot_be_taken_back_keeps_no_other_waiting()
    {
        var administrator = await portal.AddPersonAsync("stuck-canaries@example.com", "en", Portal.Accounts.Roles.Administrator);
        var (stuck, bad) = (Guid.NewGuid(), Guid.NewGuid());
        await using (var db = portal.Database.Open())
        {
            db.ModelAliases.AddRange(Alias(stuck, "a-stuck"), Alias(bad, "b-bad"));
            db.AliasFigures.AddRange(Side(stuck, false, 0), Side(stuck, true, 30), Side(bad, false, 0), Side(bad, true, 30));

            // Its letter was queued, and a letter is queued once.
            db.OutboxMails.Add(new() { Id = Guid.NewGuid(), DedupKey = $"canary:{stuck:N}:1:{administrator.Id:N}", To = "a@example.com", Subject = "a", Html = "a" });
            await db.SaveChangesAsync(Cancel);
        }

        Assert.Equal("1", await Schedule.Find("watch-canaries")!.Run(portal.Services, Cancel));

        await using var read = portal.Database.Open();
        Assert.Equal(["next", null], await read.ModelAliases.Where(a => a.Id == stuck || a.Id == bad).OrderBy(a => a.Name).Select(a => a.Canary).ToListAsync(Cancel));
    }

    private static ModelAlias Alias(Guid id, string name) =>
        new() { Id = id, Unit = Unit.Tokens, Name = name, Model = "guide", Canary = "next", CanaryPercent = 50, Version = 1, ChangedAt = TimeProvider.System.GetUtcNow() };

    private static AliasFigures Side(Guid alias, bool canary, int failures) =>
        new() { AliasId = alias, Version = 1, Canary = canary, Requests = 100, Failures = failures, ChargedNanos = 1000 };
}
