using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Prompts;
using Portal.Inference;
using Portal.Prompts.Batches;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Prompts.Batches;

public sealed class BatchTests
{
    /// <summary>Four words in, five out, prepaid and in a batch: 9 × 0.000006 × 0.9 × 0.85 yuan.</summary>
    private const long LineNanos = 9 * 6000 * 90 / 100 * 85 / 100;

    private static readonly CancellationToken Never = CancellationToken.None;

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Each_line_is_answered_and_charged_at_the_batch_price(DatabaseProvider provider)
    {
        await using var scene = await BatchScene.Start(provider);
        scene.Prompts.Text.Say(15);
        var id = await scene.Give(BatchScene.Line("a"), BatchScene.Line("b"), BatchScene.Line("c"));

        var batch = await scene.Finish(id);

        Assert.Equal((BatchStatus.Completed, 3, 3, 0), (batch.Status, batch.Total, batch.Completed, batch.Failed));
        Assert.Equal([LineNanos, LineNanos, LineNanos], await scene.Charges());
        Assert.Equal(3 * LineNanos, batch.Charged.Nanos);
        Assert.Null(batch.ErrorFileId);
        var output = await scene.Read(batch.OutputFileId);
        Assert.Equal(["a", "b", "c"], output.Select(line => line.GetProperty("custom_id").GetString()));
        var response = output[0].GetProperty("response");
        Assert.Equal(200, response.GetProperty("status_code").GetInt32());
        Assert.Equal("one two three four five ", response.GetProperty("body").GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
        Assert.NotNull(await scene.Prompts.Usage(response.GetProperty("request_id").GetGuid()));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_batch_that_is_asked_for_again_under_its_key_is_the_same_one(DatabaseProvider provider)
    {
        await using var scene = await BatchScene.Start(provider);
        var file = (await scene.Upload(BatchScene.Line("a"))).Id;
        var other = (await scene.Upload(BatchScene.Line("b"))).Id;
        var owner = scene.Prompts.Owner;

        var made = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => scene.Desk.Create(owner, file, BatchEndpoints.Chat, key: "night"))));

        var id = Assert.Single(made.Select(batch => batch.Value.Id).Distinct());
        Assert.Equal("idempotency.mismatch", (await scene.Desk.Create(owner, other, BatchEndpoints.Chat, key: "night")).Refusal?.Code);
        Assert.Equal("idempotency.mismatch", (await scene.Desk.Create(owner, file, BatchEndpoints.Chat, new Dictionary<string, string> { ["for"] = "Ada" }, "night")).Refusal?.Code);
        Assert.NotEqual(id, (await scene.Desk.Create(owner, file, BatchEndpoints.Chat)).Value.Id);
        await using var db = scene.Prompts.Database.Open();
        Assert.Equal(2, await db.Batches.CountAsync(Never));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task However_many_are_given_at_once_no_more_are_taken_on_than_are_allowed(DatabaseProvider provider)
    {
        await using var scene = await BatchScene.Start(provider);
        var file = (await scene.Upload(BatchScene.Line("a"))).Id;

        var given = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => Task.Run(() => scene.Desk.Create(scene.Prompts.Owner, file, BatchEndpoints.Chat))));

        Assert.Equal((20, 10), (given.Count(batch => batch.Refusal is null), given.Count(batch => batch.Refusal?.Code == "batch.too-many")));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Pages_of_what_came_at_one_moment_lose_and_repeat_nothing(DatabaseProvider provider)
    {
        await using var scene = await BatchScene.Start(provider);
        var (owner, given, files) = (scene.Prompts.Owner, new List<Guid>(), new List<Guid>());
        for (var i = 0; i < 5; i++)
        {
            var batch = await scene.GiveFile(BatchScene.Line("a"));
            given.Add(batch.Id);
            files.Add(batch.InputFileId);
        }

        Assert.Equal(given.Order(), (await Pages(async after => [.. (await scene.Desk.List(owner, after, 2)).Value.Select(b => b.Id)])).Order());
        foreach (var oldestFirst in (bool[])[false, true])
        {
            Assert.Equal(files.Order(), (await Pages(async after => [.. (await scene.Files.List(owner, null, after, oldestFirst, 2)).Value.Select(f => f.Id)])).Order());
        }

        static async Task<List<Guid>> Pages(Func<Guid?, Task<List<Guid>>> read)
        {
            var all = new List<Guid>();
            while (await read(all.Count == 0 ? null : all[^1]) is { Count: > 0 } page) all.AddRange(page);
            return all;
        }
    }

    [Fact]
    public async Task What_a_preview_says_of_a_line_is_held_and_charged()
    {
        await using var scene = await BatchScene.Start();
        scene.Prompts.Text.Say(5);
        var request = PromptScene.Say("how to top up") with { Batch = true };

        var preview = (await scene.Prompts.Runner.Preview(scene.Prompts.Owner, request)).Value;
        var run = (await scene.Prompts.Runner.Start(scene.Prompts.Owner, request, Never)).Value;
        var receipt = (await run.Completion).Receipt!;

        Assert.Equal(["prepaid", "asyncBatch"], receipt.Price.Factors.Select(f => f.Name));
        Assert.Equal((LineNanos, LineNanos, LineNanos), (preview.Quote.Price.AmountNanos, run.Quote.Price.AmountNanos, receipt.ChargedNanos));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Lines_that_the_money_does_not_reach_for_end_with_the_reason_and_the_others_stay(DatabaseProvider provider)
    {
        await using var scene = await BatchScene.Start(provider, yuan: 0.0001m, new BatchesOptions { Parallel = 1 });
        scene.Prompts.Text.Say(20);
        var id = await scene.Give([.. Enumerable.Range(0, 4).Select(i => BatchScene.Line($"{i}"))]);

        var batch = await scene.Finish(id);

        Assert.Equal((BatchStatus.Completed, 2, 2), (batch.Status, batch.Completed, batch.Failed));
        Assert.Equal(2 * LineNanos, (await scene.Charges()).Sum());
        Assert.Equal(2, (await scene.Read(batch.OutputFileId)).Count);
        Assert.All(await scene.Read(batch.ErrorFileId), line =>
        {
            Assert.Equal(402, line.GetProperty("response").GetProperty("status_code").GetInt32());
            Assert.Equal("insufficient_quota", line.GetProperty("response").GetProperty("body").GetProperty("error").GetProperty("code").GetString());
        });
    }

    [Fact]
    public async Task A_line_that_is_wrong_in_itself_fails_alone()
    {
        await using var scene = await BatchScene.Start();
        scene.Prompts.Text.Say(5);
        scene.Prompts.Statuses.Add(new("strict", ModelKind.Text, ModelState.Ready));
        scene.Prompts.Others.Add(new ScriptedText { Id = "strict", TakesSystem = false });
        const string unfit = """{"custom_id":"unfit","method":"POST","url":"/v1/chat/completions","body":{"model":"strict","messages":[{"role":"system","content":"a"},{"role":"user","content":"b"}]}}""";
        var id = await scene.Give(BatchScene.Line("empty", " "), unfit, BatchScene.Line("good"), BatchScene.Line("greedy", maxTokens: 100_000));

        var batch = await scene.Finish(id);

        Assert.Equal((1, 3), (batch.Completed, batch.Failed));
        Assert.Equal(["empty", "unfit", "greedy"], (await scene.Read(batch.ErrorFileId)).Select(line => line.GetProperty("custom_id").GetString()));
        Assert.Single(await scene.Charges());
    }

    [Fact]
    public async Task Lines_wait_for_a_model_that_is_out_of_order_and_for_one_that_is_let_go_under_them()
    {
        await using var scene = await BatchScene.Start();
        scene.Prompts.Statuses.Add(new("spare", ModelKind.Text, ModelState.Unavailable));
        scene.Prompts.Text.Fail(new ModelUnloadedException("guide"));
        var id = await scene.Give(BatchScene.Line("a", model: "spare"), BatchScene.Line("b"));
        await scene.Worker.Round(Never);

        Assert.False(await scene.Worker.Round(Never));
        scene.Prompts.Statuses[^1] = new("spare", ModelKind.Text, ModelState.Ready);
        scene.Prompts.Others.Add(new ScriptedText { Id = "spare" }.Say(5));
        scene.Prompts.Text.Say(5);
        var batch = await scene.Finish(id);

        Assert.Equal((BatchStatus.Completed, 2, 0), (batch.Status, batch.Completed, batch.Failed));
        Assert.Equal([LineNanos, LineNanos], await scene.Charges());
    }

    [Fact]
    public async Task However_many_lines_wait_for_a_model_that_is_away_the_others_go_on()
    {
        await using var scene = await BatchScene.Start();
        scene.Prompts.Statuses.Add(new("spare", ModelKind.Text, ModelState.Unavailable));
        var away = Enumerable.Range(0, 300).Select(i => BatchScene.Line($"away{i}", model: "spare", maxTokens: 1));
        var id = await scene.Give([BatchScene.Line("first"), .. away, BatchScene.Line("last")]);
        scene.Prompts.Text.Say(10);

        for (var rounds = 0; rounds < 5; rounds++) await scene.Worker.Round(Never);
        Assert.Equal((2, 0), await scene.See(id) is var open ? (open.Completed, open.Failed) : default);
        scene.Prompts.Time.Advance(BatchDesk.WindowLength / 2);
        var batch = await scene.Finish(id);

        Assert.Equal((BatchStatus.Completed, 2, 300), (batch.Status, batch.Completed, batch.Failed));
        Assert.All(await scene.Read(batch.ErrorFileId), line => Assert.StartsWith("away", line.GetProperty("custom_id").GetString(), StringComparison.Ordinal));
        Assert.Equal(2, (await scene.Charges()).Count);
    }

    [Fact]
    public async Task In_the_last_half_of_the_window_lines_wait_for_no_model_any_more()
    {
        await using var scene = await BatchScene.Start();
        scene.Prompts.Statuses.Add(new("spare", ModelKind.Text, ModelState.Unavailable));
        var id = await scene.Give(BatchScene.Line("a", model: "spare"));
        await scene.Worker.Round(Never);
        scene.Prompts.Time.Advance(BatchDesk.WindowLength / 2);

        var batch = await scene.Finish(id);

        Assert.Equal((BatchStatus.Completed, 1), (batch.Status, batch.Failed));
        Assert.Equal(503, Assert.Single(await scene.Read(batch.ErrorFileId)).GetProperty("response").GetProperty("status_code").GetInt32());
    }

    [Fact]
    public async Task Pictures_are_drawn_in_a_batch()
    {
        await using var scene = await BatchScene.Start();
        scene.Prompts.Images.Step(9);
        var batch = await scene.GiveFile(
            """{"custom_id":"p","method":"POST","url":"/v1/images/generations","body":{"model":"shapes","prompt":"a red circle","size":"64x64"}}""", BatchEndpoints.Images);

        var done = await scene.Finish(batch.Id);

        Assert.Equal("AQI=", (await scene.Read(done.OutputFileId))[0].GetProperty("response").GetProperty("body").GetProperty("data")[0].GetProperty("b64_json").GetString());
    }

    [Fact]
    public async Task While_somebody_waits_for_an_answer_no_line_runs()
    {
        await using var scene = await BatchScene.Start();
        var id = await scene.Give(BatchScene.Line("a"));
        await scene.Worker.Round(Never);
        var run = (await scene.Prompts.Runner.Start(scene.Prompts.Owner, PromptScene.Say("me first"), Never)).Value;
        var before = (await scene.Rows(id)).Batch.WorkedAt;
        scene.Prompts.Time.Advance(TimeSpan.FromSeconds(2));

        Assert.False(await scene.Worker.Round(Never));
        Assert.Equal(before, (await scene.Rows(id)).Batch.WorkedAt);

        scene.Prompts.Text.Say(10);
        await run.Completion;
        Assert.Equal(BatchStatus.Completed, (await scene.Finish(id)).Status);
    }

    [Theory]
    [InlineData("2026-07-01T16:00:00Z")]
    [InlineData("2026-07-02T00:30:00Z")]
    public async Task In_off_peak_hours_and_in_the_last_half_of_the_window_lines_run_though_others_wait(string now)
    {
        await using var scene = await BatchScene.Start();
        if (now.StartsWith("2026-07-01", StringComparison.Ordinal)) scene.Prompts.Time.SetUtcNow(DateTimeOffset.Parse("2026-07-01T15:59:00Z", System.Globalization.CultureInfo.InvariantCulture));
        var id = await scene.Give(BatchScene.Line("a"));
        await scene.Worker.Round(Never);
        scene.Prompts.Time.SetUtcNow(DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture));
        var run = (await scene.Prompts.Runner.Start(scene.Prompts.Owner, PromptScene.Say("me too"), Never)).Value;
        scene.Prompts.Text.Say(10);

        var batch = await scene.Finish(id);

        Assert.Equal(1, batch.Completed);
        await run.Completion;
    }

    [Fact]
    public async Task What_was_not_run_by_the_end_of_the_window_is_told_and_what_was_is_delivered()
    {
        await using var scene = await BatchScene.Start(options: new BatchesOptions { Parallel = 1 });
        var id = await scene.Give(BatchScene.Line("a"), BatchScene.Line("b"));
        await scene.Worker.Round(Never);
        var (row, lines) = await scene.Rows(id);
        scene.Prompts.Text.Say(5);
        await RunAlone(scene, row, lines[0]);
        scene.Prompts.Time.Advance(TimeSpan.FromHours(25));

        var batch = await scene.Finish(id);

        Assert.Equal((BatchStatus.Expired, 1), (batch.Status, batch.Completed));
        Assert.Single(await scene.Read(batch.OutputFileId));
        Assert.Equal("batch_expired", (await scene.Read(batch.ErrorFileId))[0].GetProperty("error").GetProperty("code").GetString());
        Assert.Equal([LineNanos], await scene.Charges());
    }

    [Fact]
    public async Task Cancelling_stops_what_runs_for_nothing_and_delivers_what_is_done()
    {
        await using var scene = await BatchScene.Start(options: new BatchesOptions { Parallel = 2 });
        var id = await scene.Give(BatchScene.Line("a"), BatchScene.Line("b"), BatchScene.Line("c"));
        await scene.Worker.Round(Never);
        var round = scene.Worker.Round(Never);
        await Until.TrueAsync("two lines run", () => Task.FromResult(scene.Prompts.Text.Active == 2));

        Assert.Equal(BatchStatus.Cancelling, (await scene.Desk.Cancel(scene.Prompts.Owner, id)).Value.Status);
        await Until.TrueAsync("the worker has seen it", () =>
        {
            scene.Prompts.Time.Advance(TimeSpan.FromSeconds(2));
            return Task.FromResult(round.IsCompleted);
        });
        var batch = await scene.Finish(id);

        Assert.Equal((BatchStatus.Cancelled, 0), (batch.Status, batch.Completed));
        Assert.Equal(3, (await scene.Read(batch.ErrorFileId)).Count(line => line.GetProperty("error").GetProperty("code").GetString() == "batch_cancelled"));
        Assert.Empty(await scene.Charges());
        Assert.Equal(BatchStatus.Cancelled, (await scene.Desk.Cancel(scene.Prompts.Owner, id)).Value.Status);
    }

    [Fact]
    public async Task Whoever_may_no_longer_spend_has_no_batch_running()
    {
        await using var scene = await BatchScene.Start();
        var id = await scene.Give(BatchScene.Line("a"));
        await scene.Worker.Round(Never);
        await using (var db = scene.Prompts.Database.Open())
        {
            await db.Memberships.ExecuteUpdateAsync(set => set.SetProperty(m => m.RemovedAt, scene.Prompts.Time.GetUtcNow()), Never);
        }

        Assert.Equal(BatchStatus.Cancelled, (await scene.Finish(id)).Status);
        Assert.Empty(await scene.Charges());
    }

    [Fact]
    public async Task Nobody_else_sees_a_members_batches_and_files()
    {
        await using var scene = await BatchScene.Start();
        var batch = await scene.See(await scene.Give(BatchScene.Line("a")));
        var student = await scene.Prompts.Student();

        Assert.Equal(Refusal.NotFound, (await scene.Desk.Find(student, batch.Id)).Refusal);
        Assert.Equal(Refusal.NotFound, (await scene.Desk.Cancel(student, batch.Id)).Refusal);
        Assert.Equal(Refusal.NotFound, (await scene.Desk.Create(student, batch.InputFileId, BatchEndpoints.Chat)).Refusal);
        Assert.Equal(Refusal.NotFound, (await scene.Files.Find(student, batch.InputFileId)).Refusal);
        Assert.Equal(Refusal.NotFound, (await scene.Files.Delete(student, batch.InputFileId)).Refusal);
        Assert.Empty((await scene.Desk.List(student, null, 10)).Value);
        Assert.Null((await scene.Desk.Cancel(scene.Prompts.Owner, batch.Id)).Refusal);
    }

    /// <summary>Runs a line to its end and writes it, as a turn that goes no further would.</summary>
    private static async Task RunAlone(BatchScene scene, Batch batch, BatchLine line)
    {
        var outcome = (await scene.RunAlone(batch, line))!;
        await using var db = scene.Prompts.Database.Open();
        await db.BatchLines.Where(l => l.BatchId == batch.Id && l.Number == line.Number)
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.State, outcome.State).SetProperty(l => l.Result, outcome.Result), Never);
        await db.Batches.Where(b => b.Id == batch.Id).ExecuteUpdateAsync(set => set.SetProperty(b => b.Completed, 1), Never);
    }
}
