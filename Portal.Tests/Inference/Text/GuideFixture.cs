using Portal.Inference.Text;

namespace Portal.Tests.Inference.Text;

public sealed class GuideFixture : IDisposable
{
    internal TextModel Model { get; } = ShippedModels.OpenGuide();

    public void Dispose() => Model.Dispose();
}
