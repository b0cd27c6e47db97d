namespace Portal.Prompts.Routing;

/// <summary>Which model answers a request, and by which name it was asked for.</summary>
/// <param name="Model">The model's folder.</param>
/// <param name="Alias">Null: the request named the model itself.</param>
/// <param name="Trial">Set while the alias tries a canary.</param>
public sealed record ModelRoute(string Model, string? Alias = null, Trial? Trial = null)
{
    /// <summary>The alias's own model, where its canary was chosen instead.</summary>
    public string? InsteadOf { get; init; }

    public bool IsPrevious => Alias == Aliases.Previous;

    public bool IsLight => Alias == Aliases.Light;
}

/// <summary>One side of an alias's canary, under one version of the alias.</summary>
/// <param name="Canary">False: the baseline.</param>
public readonly record struct Trial(Guid AliasId, int Version, bool Canary);
