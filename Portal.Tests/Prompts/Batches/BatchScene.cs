using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Portal.Accounts;
using Portal.Accounts.Keys;
using Portal.Catalog;
using Portal.Data;
using Portal.Data.Prompts;
using Portal.Prompts;
using Portal.Prompts.Api;
using Portal.Prompts.Api.Signals;
using Portal.Prompts.Batches;
using Portal.Prompts.Batches.Files;
using Portal.Prompts.Batches.Work;
using Portal.Prompts.Routing;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Prompts.Batches;

/// <summary>A scene of prompts with files, batches, and workers that take a round when the test says so.</summary>
internal sealed class BatchScene : IAsyncDisposable
{
    private readonly IOptions<BatchesOptions> options;
    private readonly BatchSignal signal = new();

    private BatchScene(PromptScene prompts, BatchesOptions options)
    {
        this.options = Options.Create(options);
        Prompts = prompts;
        Files = new FileDesk(prompts.Database.Factory, prompts.Time, this.options);
        Desk = new BatchDesk(prompts.Database.Factory, Files, signal, prompts.Time);
        Lines = NewLines(prompts.Runner);
        Worker = NewWorker(prompts.Runner);
    }

    public PromptScene Prompts { get; }

    public FileDesk Files { get; }

    public BatchDesk Desk { get; }

    public LineRunner Lines { get; }

    public BatchWorker Worker { get; }

    public static async Task<BatchScene> Start(DatabaseProvider provider = DatabaseProvider.Sqlite, decimal yuan = 1, BatchesOptions? options = null) =>
        new(await PromptScene.Start(provider, yuan), options ?? new BatchesOptions());

    public static string Line(string id, string content = "how to top up", int maxTokens = 5, string model = "guide") =>
        JsonSerializer.Serialize(new
        {
            custom_id = id, method = "POST", url = BatchEndpoints.Chat,
            body = new { model, messages = new[] { new { role = "user", content } }, max_tokens = maxTokens },
        });

    /// <summary>Another node on the same database.</summary>
    public BatchWorker NewWorker(PromptRunner runner)
    {
        var factory = Prompts.Database.Factory;
        var hours = new BatchHours(new CatalogReader(factory, Prompts.Time), runner, Prompts.Time);
        var turn = new BatchTurn(
            factory, new BatchIntake(factory, Files, Prompts.Models, new ModelRouter(Prompts.Aliases, Prompts.Models), Prompts.Time, options), new BatchFinish(factory, Files, Prompts.Time),
            hours, NewLines(runner), new Callers(factory, Prompts.Time), new KeyDoor(factory, Prompts.Time), Prompts.Time, options);
        return new BatchWorker(new BatchLeases(factory, Prompts.Time), turn, hours, signal, Prompts.Time, NullLogger<BatchWorker>.Instance);
    }

    public async Task<FileView> Upload(string content, string name = "prompts.jsonl", Caller? caller = null)
    {
        var stored = await Files.Store(caller ?? Prompts.Owner, name, new MemoryStream(Encoding.UTF8.GetBytes(content)));
        Assert.Null(stored.Refusal);
        return stored.Value;
    }

    public async Task<Guid> Give(params string[] lines) => (await GiveFile(string.Join('\n', lines))).Id;

    public async Task<BatchView> GiveFile(string content, string endpoint = BatchEndpoints.Chat)
    {
        var created = await Desk.Create(Prompts.Owner, (await Upload(content)).Id, endpoint);
        Assert.Null(created.Refusal);
        return created.Value;
    }

    public async Task<BatchView> See(Guid batch) => (await Desk.Find(Prompts.Owner, batch)).Value;

    /// <summary>Runs a line as a turn does.</summary>
    public async Task<LineOutcome?> RunAlone(Batch batch, BatchLine line) =>
        await Lines.Run(batch, Prompts.Owner, line, await Lines.Tried(batch, [line], CancellationToken.None), CancellationToken.None);

    /// <summary>Takes rounds until the batch has ended.</summary>
    public async Task<BatchView> Finish(Guid batch)
    {
        for (var view = await See(batch); ; view = await See(batch))
        {
            if (!view.IsOpen) return view;
            Assert.True(await Worker.Round(CancellationToken.None), $"Nothing could be done for a batch that is {view.Status}.");
        }
    }

    /// <summary>A file's lines as JSON.</summary>
    public async Task<List<JsonElement>> Read(Guid? file)
    {
        using var content = new MemoryStream();
        Assert.Null((await Files.Send(Prompts.Owner, file!.Value, content)).Refusal);
        return [.. Encoding.UTF8.GetString(content.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    public async Task<List<long>> Charges()
    {
        await using var db = Prompts.Database.Open();
        return await db.UsageRecords.OrderBy(u => u.At).Select(u => u.ChargedNanos).ToListAsync();
    }

    /// <summary>A batch and its lines as the worker has them.</summary>
    public async Task<(Batch Batch, List<BatchLine> Lines)> Rows(Guid id)
    {
        await using var db = Prompts.Database.Open();
        return (await db.Batches.AsNoTracking().SingleAsync(b => b.Id == id), await db.BatchLines.AsNoTracking().Where(l => l.BatchId == id).OrderBy(l => l.Number).ToListAsync());
    }

    public async ValueTask DisposeAsync()
    {
        Worker.Dispose();
        signal.Dispose();
        await Prompts.DisposeAsync();
    }

    private LineRunner NewLines(PromptRunner runner) => new(
        Prompts.Database.Factory, runner, new PromptSettler(Prompts.Ledger, Prompts.Time, Prompts.Host, NullLogger<PromptSettler>.Instance),
        new ApiErrors(new ResourceManagerStringLocalizerFactory(Options.Create(new LocalizationOptions()), NullLoggerFactory.Instance), new AbuseWatch(Prompts.Time), Prompts.Time), Prompts.Time);
}
