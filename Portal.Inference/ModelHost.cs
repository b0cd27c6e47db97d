using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Portal.Inference.Hosting;
using Portal.Inference.Images;
using Portal.Inference.Text;

namespace Portal.Inference;

/// <summary>
/// Loads every model folder in the background when the program starts and keeps the models resident; loads and unloads single ones while it runs. A
/// folder that cannot be loaded is <see cref="ModelState.Unavailable"/>; it never stops the program.
/// </summary>
public sealed partial class ModelHost : IHostedService, IAsyncDisposable
{
    private readonly InferenceOptions options;
    private readonly TimeProvider clock;
    private readonly ILogger<ModelHost> logger;
    private readonly Lock sync = new();
    private readonly SortedDictionary<string, HostedModel> models = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, ModelReport> broken = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Meter meter;
    private bool started;
    private Task scan = Task.CompletedTask;

    public ModelHost(IOptions<InferenceOptions> options, TimeProvider clock, ILogger<ModelHost> logger)
    {
        (this.options, this.clock, this.logger) = (options.Value, clock, logger);
        meter = ModelMeter.Watch(() => Reports);
    }

    /// <summary>Every model folder, by id.</summary>
    public IReadOnlyList<ModelStatus> Models
    {
        get
        {
            lock (sync)
            {
                return [.. broken.Values.Select(directory => directory.Status).Concat(models.Values.Select(model => model.Status)).OrderBy(status => status.Id, StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>The same with everything that an operator asks about.</summary>
    public IReadOnlyList<ModelReport> Reports
    {
        get
        {
            lock (sync)
            {
                return [.. broken.Values.Concat(models.Values.Select(model => model.Report)).OrderBy(report => report.Status.Id, StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Completes when no model that was there at the start is loading any more.</summary>
    public Task Ready => ready.Task;

    /// <summary>Folders are being looked for.</summary>
    public bool Scanning
    {
        get
        {
            lock (sync)
            {
                return !scan.IsCompleted;
            }
        }
    }

    /// <summary>The text model of this id, null while it is not ready or when there is none.</summary>
    public ITextModel? Text(string id) => Find(id)?.Text;

    /// <summary>The image model of this id, null while it is not ready or when there is none.</summary>
    public IImageModel? Image(string id) => Find(id)?.Images;

    /// <summary>How busy the model of this id is, null while it is not ready or when there is none.</summary>
    public EngineLoad? LoadOf(string id) => Find(id)?.Report.Load;

    /// <summary>Loads a folder, or loads it anew; see <see cref="HostedModel.Load"/>. Completes when that is done or has failed, which the status tells.</summary>
    /// <returns>Null when there is no such folder.</returns>
    public Task? Load(string id) => Find(id)?.Load();

    /// <summary>Takes a model out of service and out of memory; what runs may end, for half a minute.</summary>
    /// <returns>Null when there is no such folder.</returns>
    public Task? Unload(string id) => Find(id)?.Unload();

    /// <summary>Loads new and changed folders, and unloads those that are gone. Completes when all that is done; asked again meanwhile, it is the same scan.</summary>
    public Task Rescan()
    {
        lock (sync)
        {
            return scan.IsCompleted ? scan = Task.Run(ScanAgain) : scan;
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        lock (sync)
        {
            if (started)
            {
                return Task.CompletedTask;
            }

            started = true;
            _ = Task.WhenAll(Enter(ModelFolders.Scan(Directories)).Select(model => model.Load())).ContinueWith(_ => ready.TrySetResult(), TaskScheduler.Default);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        Task scanning;
        lock (sync)
        {
            if (!started)
            {
                // Nothing will be loaded any more, and whoever disposes once more need not wait for it.
                started = true;
                ready.TrySetResult();
            }

            scanning = scan;
        }

        await Ready;
        await scanning;
        List<HostedModel> all;
        lock (sync)
        {
            all = [.. models.Values];
            models.Clear();
            broken.Clear();
        }

        await Task.WhenAll(all.Select(model => model.Stop()));
        meter.Dispose();
    }

    private IReadOnlyList<string> Directories => options.ModelDirectories is { Count: > 0 } configured ? configured : ["Models"];

    private async Task ScanAgain()
    {
        await Ready;
        var folders = ModelFolders.Scan(Directories);
        List<HostedModel> gone, kept, found;
        lock (sync)
        {
            gone = [.. models.Values.Where(model => !folders.Found.Values.Contains(model.Folder) && !folders.MayHold(model.Folder))];
            kept = [.. models.Values.Except(gone)];
        }

        // A name that is taken over by a folder elsewhere is free first.
        await Task.WhenAll(gone.Select(model => model.Leave()).Concat(kept.Select(model => model.Refresh())));
        lock (sync)
        {
            foreach (var id in models.Where(model => gone.Contains(model.Value)).Select(model => model.Key).ToList())
            {
                models.Remove(id);
            }

            found = Enter(folders);
        }

        await Task.WhenAll(found.Select(model => model.Load()));
    }

    /// <summary>Enters the folders that are not known yet, and the directories that cannot be looked into. Called under the lock.</summary>
    private List<HostedModel> Enter(ModelFolders folders)
    {
        broken.Clear();
        foreach (var (directory, reason) in folders.Broken)
        {
            var status = new ModelStatus(Path.GetFileName(directory), null, ModelState.Unavailable, reason);
            broken[status.Id] = new(status, clock.GetUtcNow(), false, 0, 0, ModelFigures.None, null);
        }

        foreach (var folder in folders.Skipped)
        {
            Log.Skipped(logger, folder);
        }

        var found = new List<HostedModel>();
        foreach (var (id, folder) in folders.Found.Where(model => !models.ContainsKey(model.Key)))
        {
            models[id] = new(id, folder, options, clock, logger);
            found.Add(models[id]);
        }

        return found;
    }

    private HostedModel? Find(string id)
    {
        lock (sync)
        {
            return models.GetValueOrDefault(id);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Model folder {Folder} is hidden or its name is taken: skipped")]
        public static partial void Skipped(ILogger logger, string folder);
    }
}
