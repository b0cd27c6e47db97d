namespace Portal.Prompts.Routing.Canaries;

/// <summary>The configuration section <c>Prompts:Canary</c>: when a canary is taken back.</summary>
public sealed class CanaryOptions
{
    public const string Section = "Prompts:Canary";

    /// <summary>Requests on each side before anything is decided, from 1 to 1,000,000.</summary>
    public int RequestsMin { get; set; } = 50;

    /// <summary>How far above the baseline error rate and cost per request may be, in percent of the baseline's, from 0 to 1,000.</summary>
    public int ExcessPercent { get; set; } = 20;
}
