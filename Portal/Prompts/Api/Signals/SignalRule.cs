using Portal.Prompts.Api.Rates;

namespace Portal.Prompts.Api.Signals;

/// <summary>What does not look like honest use: so many different sightings of one subject within a window.</summary>
/// <param name="Name">Names its words, too.</param>
/// <param name="Window">How long a sighting counts.</param>
/// <param name="Sightings">From how many on the subject is flagged.</param>
/// <param name="Rate">What a flagged subject may send, beside what everybody may.</param>
/// <param name="For">How long it stays flagged after the last time that there were so many.</param>
public sealed record SignalRule(string Name, TimeSpan Window, int Sightings, RateRule Rate, TimeSpan For)
{
    /// <summary>Of one key: a program that sends nothing, over and over.</summary>
    public static readonly SignalRule EmptyPrompts = new("empty-prompts", TimeSpan.FromMinutes(5), 20, RateRule.Flagged, TimeSpan.FromMinutes(10));

    /// <summary>Of one key: inputs beyond what is taken at all, or beyond the model's context.</summary>
    public static readonly SignalRule LongInputs = new("long-inputs", TimeSpan.FromMinutes(5), 20, RateRule.Flagged, TimeSpan.FromMinutes(10));

    /// <summary>Of one address: different keys. A school sits behind one address, too: hence so many, and a rate that it can work with.</summary>
    public static readonly SignalRule ManyKeys = new("many-keys", TimeSpan.FromMinutes(10), 50, RateRule.FlaggedAddress, TimeSpan.FromMinutes(10));

    /// <summary>The rule that a refusal is a sighting of; null: of none.</summary>
    public static SignalRule? Of(string refusal) => refusal switch
    {
        "prompt.empty" => EmptyPrompts,
        "prompt.too-long" or "prompt.context" or "api.too-large" => LongInputs,
        _ => null,
    };
}
