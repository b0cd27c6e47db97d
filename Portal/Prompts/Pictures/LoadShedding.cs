using Portal.Inference;
using Portal.Inference.Lanes;
using Portal.Prompts.Requests;

namespace Portal.Prompts.Pictures;

/// <summary>
/// What gives way when an image model's queue grows: pictures of people without a plan are drawn in half their steps, and cost half, or less where the price
/// list says so of the grade. Never where the request fixed what it wants: its steps, or a seed, which promises the same picture again. The size stays:
/// another size is another picture.
/// </summary>
public static class LoadShedding
{
    /// <param name="steps">Of the picture as it would be drawn.</param>
    /// <param name="load">Of its model; null: not known.</param>
    /// <param name="fromPercent">Of the places in the lane's queue.</param>
    /// <returns>Null: it is drawn as it is.</returns>
    public static int? StepsUnderLoad(ImagePrompt prompt, Lane lane, int steps, EngineLoad? load, int fromPercent) =>
        lane == Lane.PayPerUse && prompt is { Steps: null, Seed: null } && steps > 1 && load is not null
        && (long)load.Waiting[(int)Lane.PayPerUse] * 100 >= (long)load.QueueMax * fromPercent
            ? (steps + 1) / 2
            : null;
}
