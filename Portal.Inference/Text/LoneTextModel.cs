using Portal.Inference.Onnx;

namespace Portal.Inference.Text;

/// <summary>One text model outside the host, to be measured by itself.</summary>
/// <param name="folder">The model's folder.</param>
/// <param name="options">As the host's; its directories do not matter.</param>
/// <param name="clock">The portal's.</param>
/// <exception cref="InvalidDataException">The folder is not a text model that can be run.</exception>
public sealed class LoneTextModel(string folder, InferenceOptions options, TimeProvider clock) : IDisposable
{
    private readonly TextModel model = new(Path.GetFileName(Path.GetFullPath(folder)), folder, new OnnxSessions(options), options, clock);

    public ITextModel Model => model;

    public void Dispose() => model.Dispose();
}
