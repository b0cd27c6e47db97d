using Portal.Inference.Text.Engine;

namespace Portal.Tests.Inference.Text;

internal static class BatchSteps
{
    /// <summary>Reads on in the waiting prompts once, then generates one token for every answer whose prompt is read.</summary>
    public static void Step(this DecodeBatch batch)
    {
        batch.Read();
        batch.Generate();
    }
}
