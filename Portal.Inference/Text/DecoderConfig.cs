using System.Text.Json;
using Portal.Inference.Onnx;

namespace Portal.Inference.Text;

/// <summary>What the engine needs of a folder's <c>genai_config.json</c>.</summary>
internal sealed record DecoderConfig(
    string FileName,
    int ContextLength,
    int Layers,
    int KeyValueHeads,
    int HeadSize,
    int VocabularySize,
    IReadOnlyList<int> EndTokens,
    string InputIds,
    string AttentionMask,
    string PositionIds,
    string Logits,
    IReadOnlyList<string> PastNames,
    IReadOnlyList<string> PresentNames)
{
    private const string FileNameInFolder = ModelFolder.TextFile;

    /// <exception cref="InvalidDataException">The file is missing, or a figure is missing or out of range.</exception>
    public static DecoderConfig Read(string folder)
    {
        using var json = ModelFiles.ReadJson(folder, FileNameInFolder);
        try
        {
            var model = json.RootElement.GetProperty("model");
            var decoder = model.GetProperty("decoder");
            var layers = Number(decoder, "num_hidden_layers", 1_000);
            return new(
                FileName: Name(decoder, "filename", "model.onnx"),
                ContextLength: Number(model, "context_length", 1 << 24),
                Layers: layers,
                KeyValueHeads: Number(decoder, "num_key_value_heads", 10_000),
                HeadSize: Number(decoder, "head_size", 100_000),
                VocabularySize: Number(model, "vocab_size", 1 << 24),
                EndTokens: EndIds(model.GetProperty("eos_token_id")),
                InputIds: Name(decoder, "inputs", "input_ids", "input_ids"),
                AttentionMask: Name(decoder, "inputs", "attention_mask", "attention_mask"),
                PositionIds: Name(decoder, "inputs", "position_ids", "position_ids"),
                Logits: Name(decoder, "outputs", "logits", "logits"),
                PastNames: PerLayer(layers, Name(decoder, "inputs", "past_key_names", "past_key_values.%d.key"), Name(decoder, "inputs", "past_value_names", "past_key_values.%d.value")),
                PresentNames: PerLayer(layers, Name(decoder, "outputs", "present_key_names", "present.%d.key"), Name(decoder, "outputs", "present_value_names", "present.%d.value")));
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"{FileNameInFolder} is incomplete: {e.Message}", e);
        }
    }

    private static int Number(JsonElement parent, string key, int max) =>
        parent.GetProperty(key).TryGetInt32(out var value) && value >= 1 && value <= max
            ? value
            : throw new InvalidDataException($"{FileNameInFolder}: {key} must be a whole number from 1 to {max}.");

    private static int[] EndIds(JsonElement ids) =>
        ids.ValueKind == JsonValueKind.Array ? [.. ids.EnumerateArray().Select(id => id.GetInt32())] : [ids.GetInt32()];

    private static string Name(JsonElement decoder, string group, string key, string standard) =>
        decoder.TryGetProperty(group, out var names) ? Name(names, key, standard) : standard;

    private static string Name(JsonElement parent, string key, string standard) =>
        parent.TryGetProperty(key, out var name) ? name.GetString() ?? standard : standard;

    private static List<string> PerLayer(int layers, params string[] patterns) =>
        [.. Enumerable.Range(0, layers).SelectMany(layer => patterns.Select(pattern => pattern.Replace("%d", $"{layer}", StringComparison.Ordinal)))];
}
