using Microsoft.Extensions.Logging;
using Portal.Inference.Images;
using Portal.Inference.Onnx;
using Portal.Inference.Text;

namespace Portal.Inference.Hosting;

/// <summary>A model's folder: its state, and the way from one to the next. One change at a time; asking for another meanwhile changes nothing.</summary>
internal sealed partial class HostedModel(string id, string folder, InferenceOptions options, TimeProvider clock, ILogger logger)
{
    private readonly Lock sync = new();
    private ModelStatus status = new(id, null, ModelState.Loading);
    private DateTimeOffset since = clock.GetUtcNow();
    private LoadedModel? loaded;
    private ModelFigures figures = ModelFigures.None;
    private FolderStamp tried;
    private Task work = Task.CompletedTask;
    private bool left;

    public string Folder => folder;

    public ModelStatus Status
    {
        get
        {
            lock (sync)
            {
                return status;
            }
        }
    }

    public ITextModel? Text
    {
        get
        {
            lock (sync)
            {
                return status.State == ModelState.Ready ? loaded?.Text : null;
            }
        }
    }

    public IImageModel? Images
    {
        get
        {
            lock (sync)
            {
                return status.State == ModelState.Ready ? loaded?.Images : null;
            }
        }
    }

    public ModelReport Report
    {
        get
        {
            lock (sync)
            {
                // A model that is being unloaded may be gone between the two questions.
                var live = status.State == ModelState.Ready ? loaded : null;
                return new(status, since, !work.IsCompleted, live?.Limit ?? 0, loaded?.Users ?? 0, loaded?.Figures ?? figures, live?.Load);
            }
        }
    }

    /// <summary>
    /// Loads the folder as it is now. A model that is ready answers on until the new one is, and then hands over; it stays when the folder cannot be
    /// loaded any more.
    /// </summary>
    public Task Load() => Begin(LoadNow);

    /// <summary>Takes the model out of memory, when what runs has ended.</summary>
    public Task Unload() => Begin(UnloadNow);

    /// <summary>Loads again what has changed since it was looked at last; a model that was unloaded by hand stays so.</summary>
    public Task Refresh() => Status.State != ModelState.Unloaded && tried != FolderStamp.Of(folder) ? Load() : Task.CompletedTask;

    /// <summary>As <see cref="Unload"/>, but after what is under way, and nothing is begun any more: the folder is gone.</summary>
    public Task Leave()
    {
        lock (sync)
        {
            left = true;
            var before = work;
            return work = Start(async () =>
            {
                await before;
                await UnloadNow();
            });
        }
    }

    /// <summary>Ends everything at once.</summary>
    public async Task Stop()
    {
        Task last;
        lock (sync)
        {
            last = work;
        }

        await last;
        lock (sync)
        {
            loaded?.Dispose();
            loaded = null;
        }
    }

    private Task Begin(Func<Task> change)
    {
        lock (sync)
        {
            return work.IsCompleted && !left ? work = Start(change) : work;
        }
    }

    /// <summary>Native libraries block for as long as they read; no thread of the pool is to wait for them.</summary>
    private static Task Start(Func<Task> change) =>
        Task.Factory.StartNew(change, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();

    private async Task LoadNow()
    {
        var began = clock.GetTimestamp();
        var before = Keep(out var wasReady);
        tried = FolderStamp.Of(folder);
        ModelKind? kind = null;
        try
        {
            kind = ModelFolder.KindOf(folder);
            if (!wasReady)
            {
                Become(new(id, kind, ModelState.Loading), null);
            }

            var model = new LoadedModel(id, folder, kind.Value, options, clock);
            Become(new(id, kind, ModelState.Ready), model);
            Log.Loaded(logger, id, (long)clock.GetElapsedTime(began).TotalMilliseconds);
        }
        catch (Exception e)
        {
            // Anything at all can be wrong with a folder that an operator or a broken copy put there, and the libraries below name no common type for it:
            // it must not keep the portal from starting.
            var reason = e is InvalidDataException ? e.Message : $"{e.GetType().Name}: {e.Message}";
            Become(wasReady ? Status with { Reason = reason } : new(id, kind, ModelState.Unavailable, reason), before);
            Log.Unavailable(logger, id, reason);
            return;
        }

        if (before is not null)
        {
            await before.Unload();
        }
    }

    private async Task UnloadNow()
    {
        var before = Keep(out _);
        if (before is not null)
        {
            Become(Status with { State = ModelState.Unloading, Reason = null }, before);
            await before.Unload();
        }

        Become(Status with { State = ModelState.Unloaded, Reason = null }, null);
        Log.Unloaded(logger, id);
    }

    private LoadedModel? Keep(out bool ready)
    {
        lock (sync)
        {
            ready = status.State == ModelState.Ready;
            return loaded;
        }
    }

    private void Become(ModelStatus next, LoadedModel? model)
    {
        lock (sync)
        {
            since = next.State == status.State && ReferenceEquals(model, loaded) ? since : clock.GetUtcNow();
            figures = loaded?.Figures ?? figures;
            (status, loaded) = (next, model);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Model {Id} is ready after {Milliseconds} ms")]
        public static partial void Loaded(ILogger logger, string id, long milliseconds);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Model {Id} cannot be loaded: {Reason}")]
        public static partial void Unavailable(ILogger logger, string id, string reason);

        [LoggerMessage(Level = LogLevel.Information, Message = "Model {Id} is unloaded")]
        public static partial void Unloaded(ILogger logger, string id);
    }
}
