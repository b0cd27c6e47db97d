using System.Diagnostics;
using System.Diagnostics.Metrics;
using Portal.Inference.Lanes;

namespace Portal.Inference.Hosting;

/// <summary>The figures of all models for a metrics collector, under OpenTelemetry's names where it has some. Seconds, tokens, bytes.</summary>
public static class ModelMeter
{
    public const string Name = "Portal.Inference";

    private const string ModelTag = "gen_ai.request.model";

    private static readonly Meter Source = new(Name);
    private static readonly Histogram<double> FirstToken = Source.CreateHistogram<double>("gen_ai.server.time_to_first_token", "s");
    private static readonly Histogram<double> OutputToken = Source.CreateHistogram<double>("gen_ai.server.time_per_output_token", "s");
    private static readonly Histogram<double> Duration = Source.CreateHistogram<double>("gen_ai.server.request.duration", "s");
    private static readonly Counter<long> Tokens = Source.CreateCounter<long>("gen_ai.server.tokens", "{token}");

    /// <summary>Figures of this moment are asked of the models whenever a collector looks.</summary>
    /// <returns>To be disposed with the host.</returns>
    internal static Meter Watch(Func<IEnumerable<ModelReport>> models)
    {
        var meter = new Meter(Name);
        meter.CreateObservableGauge("portal.model.queue.length", () => models().SelectMany(Queues), "{request}");
        meter.CreateObservableGauge("portal.model.batch.active", () => Of(models, load => load.Active), "{request}");
        meter.CreateObservableGauge("portal.model.batch.places", () => Of(models, load => load.Places), "{request}");
        meter.CreateObservableGauge("portal.model.cache.size", () => Of(models, load => load.CacheBytes), "By");
        return meter;
    }

    internal static void Ended(string model, TimeSpan duration, bool failed, TimeSpan? first, TimeSpan last, long later, long input, long output)
    {
        var tag = new KeyValuePair<string, object?>(ModelTag, model);
        KeyValuePair<string, object?>[] tags = failed ? [tag, new("error.type", nameof(ModelFailedException))] : [tag];
        Duration.Record(duration.TotalSeconds, tags);
        Tokens.Add(input, tag, new("gen_ai.token.type", "input"));
        Tokens.Add(output, tag, new("gen_ai.token.type", "output"));
        if (first is not { } time)
        {
            return;
        }

        FirstToken.Record(time.TotalSeconds, tag);
        if (later > 0)
        {
            OutputToken.Record((last - time).TotalSeconds / later, tag);
        }
    }

    private static IEnumerable<Measurement<long>> Of(Func<IEnumerable<ModelReport>> models, Func<EngineLoad, long> figure) =>
        models().Where(model => model.Load is not null).Select(model => new Measurement<long>(figure(model.Load!), new TagList { { ModelTag, model.Status.Id } }));

    private static IEnumerable<Measurement<int>> Queues(ModelReport model) => (model.Load?.Waiting ?? []).Select((waiting, lane) =>
        new Measurement<int>(waiting, new TagList { { ModelTag, model.Status.Id }, { "portal.lane", ((Lane)lane).ToString() } }));
}
