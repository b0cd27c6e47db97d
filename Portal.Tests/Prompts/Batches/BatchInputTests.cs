using System.Text;
using Portal.Data.Prompts;
using Portal.Prompts.Batches;
using Portal.Prompts.Batches.Files;
using Portal.Prompts.Batches.Work;

namespace Portal.Tests.Prompts.Batches;

public sealed class BatchInputTests
{
    [Theory]
    [InlineData("not json", "invalid_json_line")]
    [InlineData("[1]", "invalid_json_line")]
    [InlineData("""{"custom_id":"\ud800","method":"POST","url":"/v1/chat/completions","body":{"model":"guide"}}""", "invalid_json_line")]
    [InlineData("""{"method":"POST","url":"/v1/chat/completions","body":{}}""", "missing_required_parameter")]
    [InlineData("""{"custom_id":"x","method":"GET","url":"/v1/chat/completions","body":{}}""", "invalid_method")]
    [InlineData("""{"custom_id":"x","method":"POST","url":"/v1/embeddings","body":{}}""", "mismatched_url")]
    [InlineData("""{"custom_id":"x","method":"POST","url":"/v1/chat/completions"}""", "missing_required_parameter")]
    [InlineData("""{"custom_id":"x","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-9"}}""", "model_not_found")]
    [InlineData("""{"custom_id":"x","method":"POST","url":"/v1/chat/completions","body":{"model":"shapes"}}""", "model_not_found")]
    [InlineData("""{"custom_id":"good","method":"POST","url":"/v1/chat/completions","body":{"model":"guide"}}""", "duplicate_custom_id")]
    public async Task One_wrong_line_is_named_and_nothing_runs(string line, string code)
    {
        await using var scene = await BatchScene.Start();
        var id = await scene.Give(BatchScene.Line("good"), "", line);

        var batch = await scene.Finish(id);

        Assert.Equal(BatchStatus.Failed, batch.Status);
        Assert.Equal((code, 3), batch.Problems.Select(p => (p.Code, p.Line)).Single());
        Assert.Empty(await scene.Charges());
        Assert.Empty((await scene.Rows(id)).Lines);
    }

    [Fact]
    public async Task A_file_whose_batch_is_not_taken_on_is_not_kept()
    {
        await using var scene = await BatchScene.Start();
        var (owner, file) = (scene.Prompts.Owner, await scene.Upload(BatchScene.Line("a")));
        for (var i = 0; i < BatchDesk.OpenMax; i++) Assert.Null((await scene.Desk.Create(owner, file.Id, BatchEndpoints.Chat)).Refusal);

        var refused = await scene.Desk.Submit(owner, "more.jsonl", new MemoryStream(Encoding.UTF8.GetBytes(BatchScene.Line("b"))));

        Assert.Equal("batch.too-many", refused.Refusal?.Code);
        Assert.Equal(file.Id, Assert.Single((await scene.Files.List(owner, null, null, false, 10)).Value).Id);
    }

    [Fact]
    public async Task A_model_of_a_megabyte_is_not_told_again_with_every_look_at_the_batch()
    {
        await using var scene = await BatchScene.Start();

        var batch = await scene.Finish(await scene.Give(BatchScene.Line("a", model: new string('m', 900_000))));

        Assert.InRange(Assert.Single(batch.Problems).Message.Length, 100, 300);
    }

    [Fact]
    public async Task A_file_of_blank_lines_has_nothing_to_run()
    {
        await using var scene = await BatchScene.Start();

        var batch = await scene.Finish(await scene.Give("", " ", "\r"));

        Assert.Equal("empty_file", Assert.Single(batch.Problems).Code);
    }

    [Fact]
    public async Task More_lines_than_allowed_are_refused_and_so_is_a_line_that_is_too_long()
    {
        await using var scene = await BatchScene.Start(options: new BatchesOptions { LinesMax = 2 });

        var many = await scene.Finish(await scene.Give(BatchScene.Line("a"), BatchScene.Line("b"), BatchScene.Line("c")));
        var wide = await scene.Finish(await scene.Give(BatchScene.Line("a", new string('x', BatchIntake.LineBytesMax))));

        Assert.Equal(("too_many_tasks", 3), many.Problems.Select(p => (p.Code, p.Line)).Single());
        Assert.Equal(("line_too_long", 1), wide.Problems.Select(p => (p.Code, p.Line)).Single());
    }

    [Fact]
    public async Task Lines_end_as_any_editor_ends_them()
    {
        await using var scene = await BatchScene.Start();
        scene.Prompts.Text.Say(10);

        var batch = await scene.GiveFile($"\uFEFF{BatchScene.Line("a")}\r\n{BatchScene.Line("b")}\r\n\r\n");

        Assert.Equal(2, (await scene.Finish(batch.Id)).Completed);
    }

    [Fact]
    public async Task Lines_are_read_whole_however_the_file_comes_in_pieces()
    {
        const string text = "first\n\nthird line\nlonger than twelve bytes\nlast";
        async IAsyncEnumerable<byte[]> Pieces(int size)
        {
            foreach (var piece in Encoding.UTF8.GetBytes(text).Chunk(size))
            {
                await Task.Yield();
                yield return piece;
            }
        }

        for (var size = 1; size <= text.Length; size++)
        {
            var lines = new List<string?>();
            await foreach (var line in FileLines.Of(Pieces(size), 12, TestContext.Current.CancellationToken)) lines.Add(line is null ? null : Encoding.UTF8.GetString(line));
            Assert.Equal(["first", "", "third line", null, "last"], lines);
        }
    }

    [Theory]
    [InlineData("/v1/embeddings", "batch.endpoint")]
    [InlineData("/v1/chat/completions/", "batch.endpoint")]
    public async Task An_endpoint_that_takes_no_batches_is_refused_at_once(string endpoint, string code)
    {
        await using var scene = await BatchScene.Start();
        var file = await scene.Upload("x");

        Assert.Equal(code, (await scene.Desk.Create(scene.Prompts.Owner, file.Id, endpoint)).Refusal?.Code);
    }

    [Fact]
    public async Task A_member_has_only_so_many_batches_under_way()
    {
        await using var scene = await BatchScene.Start();
        var file = await scene.Upload(BatchScene.Line("a"));
        for (var i = 0; i < BatchDesk.OpenMax; i++) Assert.Null((await scene.Desk.Create(scene.Prompts.Owner, file.Id, BatchEndpoints.Chat)).Refusal);

        Assert.Equal("batch.too-many", (await scene.Desk.Create(scene.Prompts.Owner, file.Id, BatchEndpoints.Chat)).Refusal?.Code);
    }
}
