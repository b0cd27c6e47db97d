namespace Portal.Inference.Lanes;

/// <summary>Which queue of a model a request waits in. Served in this order, but nobody is passed for ever: see <see cref="LaneQueue{T}"/>.</summary>
public enum Lane
{
    /// <summary>Plans that include a lane of their own; one place in eight is kept free for it.</summary>
    Dedicated,

    /// <summary>Every other plan.</summary>
    Subscription,

    PayPerUse,

    /// <summary>Work that may wait; it never takes the last half of a model's places.</summary>
    Batch,
}
