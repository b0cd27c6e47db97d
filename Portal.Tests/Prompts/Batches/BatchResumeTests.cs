using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Prompts;
using Portal.Inference;
using Portal.Prompts.Batches.Work;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Prompts.Batches;

/// <summary>Workers that end in the middle, and two that work at the same time: no line is charged twice, none is lost.</summary>
public sealed class BatchResumeTests
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task An_answer_that_was_charged_and_not_written_down_is_not_asked_for_again(DatabaseProvider provider)
    {
        await using var scene = await BatchScene.Start(provider);
        var id = await scene.Give(BatchScene.Line("a"));
        await scene.Worker.Round(Never);
        var (row, lines) = await scene.Rows(id);
        scene.Prompts.Text.Say(5);
        var lost = (await scene.RunAlone(row, lines[0]))!;

        var batch = await scene.Finish(id);

        Assert.Equal((BatchStatus.Completed, 1), (batch.Status, batch.Completed));
        Assert.Equal(5, scene.Prompts.Text.Said);
        Assert.Equal([lost.ChargedNanos], await scene.Charges());
        Assert.Equal(lost.ChargedNanos, batch.Charged.Nanos);
        Assert.Equal(
            "one two three four five ",
            (await scene.Read(batch.OutputFileId))[0].GetProperty("response").GetProperty("body").GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
    }

    [Theory, InlineData(BatchStatus.Cancelled), InlineData(BatchStatus.Expired)]
    public async Task What_a_dead_worker_was_charged_for_is_delivered_and_what_it_held_is_released_though_the_batch_ends_early(BatchStatus end)
    {
        await using var scene = await BatchScene.Start();
        var id = await scene.Give(BatchScene.Line("a"), BatchScene.Line("b"), BatchScene.Line("c"));
        await scene.Worker.Round(Never);
        var (row, lines) = await scene.Rows(id);
        scene.Prompts.Text.Say(5);
        var lost = (await scene.RunAlone(row, lines[1]))!;
        var held = RequestIds.Of(id, 1, 0);
        using var power = new CancellationTokenSource();
        var dead = (await scene.Prompts.NewRunner(scene.Prompts.Ledger).Start(scene.Prompts.Owner, PromptScene.Say("how to top up", id: held) with { Batch = true, Whole = true }, power.Token)).Value;

        if (end == BatchStatus.Cancelled) Assert.Null((await scene.Desk.Cancel(scene.Prompts.Owner, id)).Refusal);
        else scene.Prompts.Time.Advance(TimeSpan.FromHours(24));
        var batch = await scene.Finish(id);

        Assert.Equal((end, 1, lost.ChargedNanos), (batch.Status, batch.Completed, batch.Charged.Nanos));
        Assert.Equal("b", Assert.Single(await scene.Read(batch.OutputFileId)).GetProperty("custom_id").GetString());
        Assert.Equal(["a", "c"], (await scene.Read(batch.ErrorFileId)).Select(line => line.GetProperty("custom_id").GetString()));
        Assert.Equal(HoldState.Voided, await scene.Prompts.HoldOf(held));
        await power.CancelAsync();
        await dead.Completion;
        Assert.Equal([lost.ChargedNanos], await scene.Charges());
    }

    [Fact]
    public async Task What_was_charged_far_behind_lines_that_wait_is_delivered_too()
    {
        await using var scene = await BatchScene.Start();
        var id = await scene.Give([.. Enumerable.Range(0, 100).Select(i => BatchScene.Line($"{i}"))]);
        await scene.Worker.Round(Never);
        var (row, lines) = await scene.Rows(id);
        scene.Prompts.Text.Say(5);
        var lost = (await scene.RunAlone(row, lines[90]))!;

        Assert.Null((await scene.Desk.Cancel(scene.Prompts.Owner, id)).Refusal);
        var batch = await scene.Finish(id);

        Assert.Equal((1, lost.ChargedNanos), (batch.Completed, batch.Charged.Nanos));
        Assert.Equal("90", Assert.Single(await scene.Read(batch.OutputFileId)).GetProperty("custom_id").GetString());
    }

    [Fact]
    public async Task A_line_that_a_dead_worker_held_is_released_and_runs_again()
    {
        await using var scene = await BatchScene.Start();
        var id = await scene.Give(BatchScene.Line("a"));
        await scene.Worker.Round(Never);
        var held = RequestIds.Of(id, 1, 0);
        using var power = new CancellationTokenSource();
        var dead = (await scene.Prompts.NewRunner(scene.Prompts.Ledger).Start(scene.Prompts.Owner, PromptScene.Say("how to top up", id: held) with { Batch = true, Whole = true }, power.Token)).Value;

        var finishing = scene.Finish(id);
        await Until.TrueAsync("it was taken up again", () => Task.FromResult(scene.Prompts.Text.Active == 2));
        await power.CancelAsync();
        await dead.Completion;
        scene.Prompts.Text.Say(5);

        Assert.Equal(1, (await finishing).Completed);
        Assert.Equal(HoldState.Voided, await scene.Prompts.HoldOf(held));
        Assert.Equal(HoldState.Posted, await scene.Prompts.HoldOf(RequestIds.Of(id, 1, 1)));
        Assert.Single(await scene.Charges());
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Two_nodes_share_the_batches_and_no_line_runs_twice(DatabaseProvider provider)
    {
        await using var scene = await BatchScene.Start(provider);
        using var other = scene.NewWorker(scene.Prompts.NewRunner(scene.Prompts.Ledger));
        scene.Prompts.Text.Say(200);
        var ids = new List<Guid>();
        for (var i = 0; i < 4; i++) ids.Add(await scene.Give([.. Enumerable.Range(0, 10).Select(line => BatchScene.Line($"{line}"))]));

        async Task Work(BatchWorker worker)
        {
            for (var idle = 0; idle < 3;) idle = await worker.Round(Never) ? 0 : idle + 1;
        }

        await Task.WhenAll(Work(scene.Worker), Work(other));

        foreach (var id in ids) Assert.Equal((BatchStatus.Completed, 10, 0), (await scene.Finish(id)) is var b ? (b.Status, b.Completed, b.Failed) : default);
        Assert.Equal(40, (await scene.Charges()).Count);
        Assert.Equal(200, scene.Prompts.Text.Said);
    }

    [Fact]
    public async Task A_batch_whose_node_fell_silent_is_taken_over_and_what_that_one_finds_out_later_is_not_written()
    {
        await using var scene = await BatchScene.Start();
        var id = await scene.Give(BatchScene.Line("a"));
        await scene.Worker.Round(Never);
        await using (var db = scene.Prompts.Database.Open())
        {
            var until = scene.Prompts.Time.GetUtcNow() + BatchLeases.Length;
            await db.Batches.ExecuteUpdateAsync(set => set.SetProperty(b => b.LeasedBy, Guid.NewGuid()).SetProperty(b => b.LeasedUntil, until), Never);
        }

        Assert.False(await scene.Worker.Round(Never));
        scene.Prompts.Time.Advance(BatchLeases.Length);
        scene.Prompts.Text.Say(5);

        Assert.Equal(1, (await scene.Finish(id)).Completed);
    }

    [Fact]
    public async Task A_node_that_lost_its_batch_releases_nothing_that_the_other_holds()
    {
        await using var scene = await BatchScene.Start();
        var id = await scene.Give(BatchScene.Line("a"));
        await scene.Worker.Round(Never);
        var (row, lines) = await scene.Rows(id);
        var held = RequestIds.Of(id, 1, 0);
        var other = (await scene.Prompts.NewRunner(scene.Prompts.Ledger).Start(scene.Prompts.Owner, PromptScene.Say("how to top up", id: held) with { Batch = true, Whole = true }, Never)).Value;
        row.LeasedBy = Guid.NewGuid();

        var late = await scene.RunAlone(row, lines[0]);
        scene.Prompts.Text.Say(5);

        Assert.Null(late);
        Assert.NotNull((await other.Completion).Receipt);
    }

    [Fact]
    public async Task A_line_whose_hold_was_released_under_it_waits_for_another_try()
    {
        await using var scene = await BatchScene.Start();
        var id = await scene.Give(BatchScene.Line("a"));
        await scene.Worker.Round(Never);
        var (row, lines) = await scene.Rows(id);
        var running = scene.RunAlone(row, lines[0]);
        await Until.TrueAsync("it runs", () => Task.FromResult(scene.Prompts.Text.Active == 1));
        Assert.Null((await scene.Prompts.Ledger.Apply(new VoidHold(scene.Prompts.Owner.AccountId, RequestIds.Of(id, 1, 0)), Never)).Refusal);
        scene.Prompts.Text.Say(10);

        Assert.Null(await running);
        Assert.Equal(1, (await scene.Finish(id)).Completed);
    }

    [Fact]
    public async Task A_line_that_meets_a_busy_model_again_and_again_lets_it_rest_longer_and_longer()
    {
        await using var scene = await BatchScene.Start();
        var id = await scene.Give(BatchScene.Line("a"));
        await scene.Worker.Round(Never);
        var (row, lines) = await scene.Rows(id);

        for (var look = 0; look < 100; look++)
        {
            scene.Prompts.Text.Fail(new ModelBusyException("guide"));
            Assert.Null(await scene.RunAlone(row, lines[0]));
            scene.Prompts.Time.Advance(TimeSpan.FromSeconds(2));
        }

        await using var db = scene.Prompts.Database.Open();
        Assert.InRange(await db.Holds.CountAsync(h => h.State == HoldState.Voided, Never), 6, 12);
    }

    [Fact]
    public async Task A_batch_that_was_broken_off_at_its_end_is_ended_again_with_the_same_files()
    {
        await using var scene = await BatchScene.Start();
        scene.Prompts.Text.Say(5);
        var id = await scene.Give(BatchScene.Line("a"));
        await scene.Worker.Round(Never);
        await scene.Worker.Round(Never);
        await using (var db = scene.Prompts.Database.Open())
        {
            await db.Batches.ExecuteUpdateAsync(set => set.SetProperty(b => b.Status, BatchStatus.Finalizing).SetProperty(b => b.Outcome, BatchStatus.Completed), Never);
        }

        var batch = await scene.Finish(id);

        Assert.Equal(BatchStatus.Completed, batch.Status);
        Assert.Single(await scene.Read(batch.OutputFileId));
        await using var after = scene.Prompts.Database.Open();
        Assert.Equal((0, 2), (await after.BatchLines.CountAsync(Never), await after.StoredFiles.CountAsync(Never)));
    }
}
