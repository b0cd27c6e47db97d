using Portal.Inference;
using Portal.Inference.Images;
using Portal.Inference.Onnx;
using Portal.Inference.Text;

namespace Portal.Tests.Inference;

/// <summary>Where the shipped models lie beside the tests, and fresh instances of them.</summary>
internal static class ShippedModels
{
    public static string Guide { get; } = Path.Combine(AppContext.BaseDirectory, "Models", "guide");

    public static string Shapes { get; } = Path.Combine(AppContext.BaseDirectory, "Models", "shapes");

    private static InferenceOptions OnCpu => new() { Device = InferenceDevice.Cpu };

    public static TextModel OpenGuide(InferenceOptions? options = null)
    {
        options ??= OnCpu;
        return new("guide", Guide, new OnnxSessions(options), options, TimeProvider.System);
    }

    public static ImageModel OpenShapes(InferenceOptions? options = null)
    {
        options ??= OnCpu;
        return new("shapes", Shapes, new OnnxSessions(options), options, TimeProvider.System);
    }
}
