namespace Portal.Inference.Onnx;

/// <summary>Tells what a folder holds by the file that the common exporters put at its top.</summary>
internal static class ModelFolder
{
    public const string TextFile = "genai_config.json";
    public const string ImageFile = "model_index.json";

    /// <exception cref="InvalidDataException">It is neither kind of model.</exception>
    public static ModelKind KindOf(string folder) =>
        File.Exists(Path.Combine(folder, TextFile)) ? ModelKind.Text
        : File.Exists(Path.Combine(folder, ImageFile)) ? ModelKind.Image
        : throw new InvalidDataException($"The folder has neither {TextFile} (a text model) nor {ImageFile} (an image model).");
}
