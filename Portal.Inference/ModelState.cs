namespace Portal.Inference;

public enum ModelState
{
    Loading,
    Ready,
    Unavailable,

    /// <summary>Taken out of service: what runs may end, nothing new is taken.</summary>
    Unloading,

    /// <summary>Out of memory until somebody loads it again.</summary>
    Unloaded,
}
