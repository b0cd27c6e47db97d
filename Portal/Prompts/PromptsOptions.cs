namespace Portal.Prompts;

/// <summary>The configuration section <c>Prompts</c>.</summary>
public sealed class PromptsOptions
{
    public const string Section = "Prompts";

    /// <summary>Where this portal's models run, as in the rate card's region factors, e.g. <c>eu-central</c>; none: no region's price.</summary>
    public string? Region { get; set; }

    /// <summary>Minutes until an abandoned hold is released, from 2 to 1,440. A prompt is stopped a minute before.</summary>
    public int HoldMinutes { get; set; } = 10;

    /// <summary>From how full a queue on pictures of people without a plan are drawn in half their steps, in percent of its places, from 1; over 100: never.</summary>
    public int DegradeAtPercent { get; set; } = 50;
}
