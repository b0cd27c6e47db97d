namespace Portal.Inference.Lanes;

/// <summary>One engine's share of what a model keeps free: all engines together keep what <see cref="Lane"/> promises, as they together have its places.</summary>
/// <param name="All">Places of the model.</param>
/// <param name="Engine">Which one of its engines, from 0.</param>
/// <param name="Engines">How many it has.</param>
internal sealed record EnginePlaces(int All, int Engine = 0, int Engines = 1)
{
    /// <summary>Places that a lane must leave free for the ones above it.</summary>
    public int Kept(Lane lane)
    {
        var kept = lane switch
        {
            Lane.Dedicated => 0,
            Lane.Batch => All / 2,
            _ => All / 8,
        };
        return (kept + Engine) / Engines;
    }
}
