using System.ClientModel;
using System.Text;
using System.Text.Json;
using OpenAI;
using OpenAI.Batch;
using OpenAI.Files;
using Portal.Tests.Fixtures;
using Portal.Tests.Prompts.Batches;

#pragma warning disable OPENAI001 // The client's batches are marked as liable to change.

namespace Portal.Tests.Prompts.Api;

/// <summary>OpenAI's own client uploads, starts, waits for, and downloads.</summary>
public sealed class OpenAiBatchTests(PortalApp portal) : IClassFixture<PortalApp>, IAsyncLifetime
{
    private Customer customer = null!;
    private OpenAIClient client = null!;

    public async ValueTask InitializeAsync()
    {
        customer = await Customer.Arrive(portal);
        client = ClientOf(customer);
    }

    public async ValueTask DisposeAsync()
    {
        await Books.AssertClean(portal.Database.Factory);
        Assert.Empty(portal.Errors);
    }

    [Fact]
    public async Task A_batch_goes_from_its_file_to_its_answers()
    {
        var files = client.GetOpenAIFileClient();
        var batches = client.GetBatchClient();
        var input = (await files.UploadFileAsync(
            BinaryData.FromString(BatchScene.Line("first", "What is a token?") + "\n" + BatchScene.Line("second", "How do I top up?")), "questions.jsonl", FileUploadPurpose.Batch)).Value;
        Assert.Equal("questions.jsonl", input.Filename);

        var batch = await batches.CreateBatchAsync(
            Body(new { input_file_id = input.Id, endpoint = "/v1/chat/completions", completion_window = "24h", metadata = new { night = "1" } }), true);
        var id = batch.BatchId;
        JsonElement seen = default;
        await Until.TrueAsync("the batch is completed", async () =>
        {
            seen = Parse(await batches.GetBatchAsync(id, null));
            return seen.GetProperty("status").GetString() == "completed";
        });

        Assert.Equal((2, 2, 0), (Count(seen, "total"), Count(seen, "completed"), Count(seen, "failed")));
        Assert.Equal("1", seen.GetProperty("metadata").GetProperty("night").GetString());
        var output = (await files.DownloadFileAsync(seen.GetProperty("output_file_id").GetString()!)).Value.ToString();
        var answers = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(["first", "second"], answers.Select(a => a.GetProperty("custom_id").GetString()));
        var usage = await customer.Usage(portal);
        Assert.Equal(2, usage.Count);
        Assert.All(usage, u => Assert.Contains("asyncBatch", u.Receipt, StringComparison.Ordinal));
        Assert.Equal(
            usage.Sum(u => u.OutputTokens),
            answers.Sum(a => a.GetProperty("response").GetProperty("body").GetProperty("usage").GetProperty("completion_tokens").GetInt64()));
    }

    [Fact]
    public async Task Files_are_listed_deleted_and_nobody_elses()
    {
        var files = client.GetOpenAIFileClient();
        var file = (await files.UploadFileAsync(BinaryData.FromString("{}"), "a.jsonl", FileUploadPurpose.Batch)).Value;
        var stranger = ClientOf(await Customer.Arrive(portal)).GetOpenAIFileClient();

        Assert.Equal([file.Id], (await files.GetFilesAsync()).Value.Select(f => f.Id));
        Assert.Empty((await stranger.GetFilesAsync()).Value);
        Assert.Equal(404, (await Assert.ThrowsAsync<ClientResultException>(() => stranger.GetFileAsync(file.Id))).Status);
        Assert.Equal(404, (await Assert.ThrowsAsync<ClientResultException>(() => stranger.DownloadFileAsync(file.Id))).Status);
        Assert.Equal(404, (await Assert.ThrowsAsync<ClientResultException>(() => stranger.DeleteFileAsync(file.Id))).Status);
        Assert.True((await files.DeleteFileAsync(file.Id)).Value.Deleted);
        Assert.Equal(404, (await Assert.ThrowsAsync<ClientResultException>(() => files.GetFileAsync(file.Id))).Status);
    }

    [Fact]
    public async Task What_is_wrong_with_a_file_is_told_line_by_line()
    {
        var files = client.GetOpenAIFileClient();
        var batches = client.GetBatchClient();
        var input = (await files.UploadFileAsync(BinaryData.FromString(BatchScene.Line("a") + "\nnot json\n"), "bad.jsonl", FileUploadPurpose.Batch)).Value;
        var batch = await batches.CreateBatchAsync(Body(new { input_file_id = input.Id, endpoint = "/v1/chat/completions", completion_window = "24h" }), true);
        JsonElement seen = default;
        await Until.TrueAsync("the batch has failed", async () =>
        {
            seen = Parse(await batches.GetBatchAsync(batch.BatchId, null));
            return seen.GetProperty("status").GetString() == "failed";
        });

        var error = seen.GetProperty("errors").GetProperty("data")[0];
        Assert.Equal(("invalid_json_line", 2), (error.GetProperty("code").GetString(), error.GetProperty("line").GetInt32()));
        var stranger = ClientOf(await Customer.Arrive(portal)).GetBatchClient();
        Assert.Equal(404, (await Assert.ThrowsAsync<ClientResultException>(() => stranger.GetBatchAsync(batch.BatchId, null))).Status);
    }

    [Fact]
    public async Task Another_purpose_or_window_or_endpoint_is_refused()
    {
        var files = client.GetOpenAIFileClient();
        var batches = client.GetBatchClient();
        var wrong = await Assert.ThrowsAsync<ClientResultException>(() => files.UploadFileAsync(BinaryData.FromString("{}"), "a.jsonl", FileUploadPurpose.FineTune));
        var file = (await files.UploadFileAsync(BinaryData.FromString("{}"), "a.jsonl", FileUploadPurpose.Batch)).Value;

        Assert.Equal(400, wrong.Status);
        Assert.Equal([file.Id], (await files.GetFilesAsync()).Value.Select(f => f.Id));
        foreach (var body in (object[])[
            new { input_file_id = file.Id, endpoint = "/v1/embeddings", completion_window = "24h" },
            new { input_file_id = file.Id, endpoint = "/v1/chat/completions", completion_window = "1h" },
            new { input_file_id = file.Id, completion_window = "24h" }])
        {
            Assert.Equal(400, (await Assert.ThrowsAsync<ClientResultException>(() => batches.CreateBatchAsync(Body(body), true))).Status);
        }
    }

    private static BinaryContent Body(object body) => BinaryContent.Create(BinaryData.FromObjectAsJson(body));

    private static JsonElement Parse(ClientResult result) => JsonDocument.Parse(result.GetRawResponse().Content).RootElement;

    private static int Count(JsonElement batch, string name) => batch.GetProperty("request_counts").GetProperty(name).GetInt32();

    private OpenAIClient ClientOf(Customer somebody) => new(new ApiKeyCredential(somebody.ApiKey), new OpenAIClientOptions { Endpoint = new Uri(portal.Address, "v1") });
}
