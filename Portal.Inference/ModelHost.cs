using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Portal.Inference.Images;
using Portal.Inference.Onnx;
using Portal.Inference.Text;

namespace Portal.Inference;

/// <summary>
/// Loads every model folder in the background when the program starts and keeps the models resident. A folder that cannot be loaded is
/// <see cref="ModelState.Unavailable"/>; it never stops the program.
/// </summary>
public sealed partial class ModelHost(IOptions<InferenceOptions> options, TimeProvider clock, ILogger<ModelHost> logger) : IHostedService, IAsyncDisposable
{
    private readonly Lock sync = new();
    private readonly SortedDictionary<string, (ModelStatus Status, IDisposable? Model)> models = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool started;

    /// <summary>Every model folder, by id.</summary>
    public IReadOnlyList<ModelStatus> Models
    {
        get
        {
            lock (sync)
            {
                return [.. models.Values.Select(model => model.Status)];
            }
        }
    }

    /// <summary>Completes when no model is loading any more.</summary>
    public Task Ready => ready.Task;

    /// <summary>The text model of this id, null while it is not ready or when there is none.</summary>
    public ITextModel? Text(string id) => Find(id) as ITextModel;

    /// <summary>The image model of this id, null while it is not ready or when there is none.</summary>
    public IImageModel? Image(string id) => Find(id) as IImageModel;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        List<(string Id, string Folder)> found;
        lock (sync)
        {
            if (started)
            {
                return Task.CompletedTask;
            }

            started = true;
            found = FindFolders();
        }

        _ = Task.WhenAll(found.Select(model => Task.Factory.StartNew(
                () => Load(model.Id, model.Folder), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)))
            .ContinueWith(_ => ready.TrySetResult(), TaskScheduler.Default);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        lock (sync)
        {
            if (!started)
            {
                // Nothing will be loaded any more, and whoever disposes once more need not wait for it.
                started = true;
                ready.TrySetResult();
            }
        }

        await Ready;
        lock (sync)
        {
            foreach (var (_, model) in models.Values)
            {
                model?.Dispose();
            }

            models.Clear();
        }
    }

    /// <summary>Enters each folder as loading, each directory that does not exist as unavailable.</summary>
    private List<(string Id, string Folder)> FindFolders()
    {
        var found = new List<(string, string)>();
        var directories = options.Value.ModelDirectories is { Count: > 0 } configured ? configured : ["Models"];
        foreach (var directory in directories.Select(directory => Path.GetFullPath(directory, AppContext.BaseDirectory)))
        {
            if (!Directory.Exists(directory))
            {
                Set(new(Path.GetFileName(directory), null, ModelState.Unavailable, $"The directory {directory} does not exist."), null);
                continue;
            }

            foreach (var folder in Directory.EnumerateDirectories(directory).Order(StringComparer.Ordinal))
            {
                var id = Path.GetFileName(folder);
                if (id.StartsWith('.') || !models.TryAdd(id, (new(id, null, ModelState.Loading), null)))
                {
                    Log.Skipped(logger, folder);
                    continue;
                }

                found.Add((id, folder));
            }
        }

        return found;
    }

    private void Load(string id, string folder)
    {
        var watch = Stopwatch.StartNew();
        ModelKind? kind = null;
        try
        {
            kind = ModelFolder.KindOf(folder);
            Set(new(id, kind, ModelState.Loading), null);
            var sessions = new OnnxSessions(options.Value);
            IDisposable model = kind == ModelKind.Text
                ? new TextModel(id, folder, sessions, options.Value, clock)
                : new ImageModel(id, folder, sessions, options.Value, clock);
            Set(new(id, kind, ModelState.Ready), model);
            Log.Loaded(logger, id, watch.ElapsedMilliseconds);
        }
        catch (Exception e)
        {
            // Anything at all can be wrong with a folder that an operator or a broken copy put there, and the libraries below name no common type for it:
            // it must not keep the portal from starting.
            var reason = e is InvalidDataException ? e.Message : $"{e.GetType().Name}: {e.Message}";
            Set(new(id, kind, ModelState.Unavailable, reason), null);
            Log.Unavailable(logger, id, reason);
        }
    }

    private void Set(ModelStatus status, IDisposable? model)
    {
        lock (sync)
        {
            models[status.Id] = (status, model);
        }
    }

    private IDisposable? Find(string id)
    {
        lock (sync)
        {
            return models.TryGetValue(id, out var found) ? found.Model : null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Model {Id} is ready after {Milliseconds} ms")]
        public static partial void Loaded(ILogger logger, string id, long milliseconds);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Model {Id} is unavailable: {Reason}")]
        public static partial void Unavailable(ILogger logger, string id, string reason);

        [LoggerMessage(Level = LogLevel.Information, Message = "Model folder {Folder} is hidden or its name is taken: skipped")]
        public static partial void Skipped(ILogger logger, string folder);
    }
}
