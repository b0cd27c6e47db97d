using System.Diagnostics.Metrics;
using Portal.Inference;
using Portal.Inference.Hosting;
using Portal.Inference.Text;
using Portal.Tests.Fixtures;
using Portal.Tests.Prompts;

namespace Portal.Tests.Inference.Hosting;

/// <summary>What the host counts and measures of a model.</summary>
public sealed class ServedTextTests
{
    private static readonly TextRequest Ask = new([new("user", "how to top up")], 5);

    private readonly ScriptedText engine = new() { Id = $"model-{Guid.NewGuid():N}" };
    private readonly FakeTime time = new();
    private readonly ModelUse use = new();
    private readonly ModelCounters counters;
    private readonly ServedText served;

    public ServedTextTests()
    {
        counters = new(engine.Id, time);
        served = new(engine, use, counters);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_model_that_fails_again_and_again_is_unhealthy_until_it_finishes_a_request()
    {
        for (var i = 1; i <= ModelFigures.UnhealthyAfter; i++)
        {
            engine.Fail(new ModelFailedException(engine.Id, new InvalidOperationException("out of memory")));
            await Assert.ThrowsAsync<ModelFailedException>(() => Answer());
            Assert.Equal(i == ModelFigures.UnhealthyAfter, counters.Figures.Unhealthy);
        }

        Assert.Equal(("out of memory", time.GetUtcNow()), (counters.Figures.LastFailure, counters.Figures.LastFailureAt));
        engine.Say(5);
        await Answer();

        Assert.Equal((false, 4, 3), (counters.Figures.Unhealthy, counters.Figures.Requests, counters.Figures.Failures));
    }

    [Fact]
    public async Task A_full_queue_a_caller_who_left_and_an_unloading_model_are_no_failures_of_the_engine()
    {
        engine.Fail(new ModelBusyException(engine.Id));
        await Assert.ThrowsAsync<ModelBusyException>(() => Answer());
        using var leaving = new CancellationTokenSource();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => served.Generate(Ask, leaving.Token).ToListAsync(Cancel).AsTask());
        var running = Answer();
        var closing = use.Close();
        engine.Fail();
        await Assert.ThrowsAsync<ModelUnloadedException>(() => running);

        await closing;
        Assert.Equal((0, 0), (counters.Figures.Failures, use.Users));
    }

    [Fact]
    public async Task The_meters_tell_times_and_tokens_under_their_usual_names()
    {
        var measured = new Dictionary<string, List<double>>(StringComparer.Ordinal);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, its) =>
        {
            if (instrument.Meter.Name == ModelMeter.Name && !instrument.IsObservable) its.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument.Name, value, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument.Name, value, tags));
        listener.Start();
        var answer = Answer();
        for (var word = 1; word <= 5; word++)
        {
            time.Advance(TimeSpan.FromSeconds(2));
            engine.Say(1);
            var said = word;
            await Until.TrueAsync("the word is said", () => Task.FromResult(engine.Said == said || answer.IsCompleted));
        }

        await answer;
        Assert.Equal([2], measured["gen_ai.server.time_to_first_token"]);
        Assert.Equal([2], measured["gen_ai.server.time_per_output_token"]);
        Assert.Equal([10], measured["gen_ai.server.request.duration"]);
        engine.Fail();
        await Assert.ThrowsAsync<ModelFailedException>(() => Answer());
        Assert.Equal([10, 0], measured["gen_ai.server.request.duration"]);
        Assert.Equal([4, 5, 0, 0], measured["gen_ai.server.tokens"]);
        Assert.Equal(TimeSpan.FromSeconds(2), counters.Figures.PieceTime);

        void Take(string name, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            foreach (var tag in tags)
            {
                if (Equals(tag.Value, engine.Id)) (measured.TryGetValue(name, out var list) ? list : measured[name] = []).Add(value);
            }
        }
    }

    private Task<List<TextDelta>> Answer() => served.Generate(Ask, Cancel).ToListAsync(Cancel).AsTask();
}
