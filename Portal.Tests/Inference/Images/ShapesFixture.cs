using Portal.Inference.Images;

namespace Portal.Tests.Inference.Images;

public sealed class ShapesFixture : IDisposable
{
    internal ImageModel Model { get; } = ShippedModels.OpenShapes();

    public void Dispose() => Model.Dispose();
}
