namespace Portal.Data.Prompts;

/// <summary>How one side of a canary has done since it began: what the decision to take it back compares. All nodes add to it.</summary>
public sealed class AliasFigures
{
    public Guid AliasId { get; set; }

    /// <summary>The alias's, under which these requests were routed.</summary>
    public int Version { get; set; }

    /// <summary>The canary's side; the other one is its baseline.</summary>
    public bool Canary { get; set; }

    /// <summary>Requests that came to an end, failed ones included, cancelled ones not.</summary>
    public long Requests { get; set; }

    /// <summary>Those that the model failed.</summary>
    public long Failures { get; set; }

    public long ChargedNanos { get; set; }
}
