using System.Text.Json;
using Portal.Inference.Onnx;

namespace Portal.Inference.Text.Engine;

/// <summary>What the engine needs of a folder's <c>genai_config.json</c>.</summary>
internal sealed record DecoderConfig(
    string FileName,
    int ContextLength,
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
    /// <exception cref="InvalidDataException">The file is missing, or a figure is missing or out of range.</exception>
    public static DecoderConfig Read(string folder)
    {
        using var json = ModelFiles.ReadJson(folder, ModelFolder.TextFile);
        var model = json.RootElement.Get("model", JsonValueKind.Object);
        var decoder = model.Get("decoder", JsonValueKind.Object);
        var inputs = decoder.Get("inputs", JsonValueKind.Object);
        var outputs = decoder.Get("outputs", JsonValueKind.Object);
        var layers = decoder.GetCount("num_hidden_layers", 1_000);
        return new(
            FileName: decoder.GetText("filename", "model.onnx"),
            ContextLength: model.GetCount("context_length", 1 << 24),
            KeyValueHeads: decoder.GetCount("num_key_value_heads", 10_000),
            HeadSize: decoder.GetCount("head_size", 100_000),
            VocabularySize: model.GetCount("vocab_size", 1 << 22),
            EndTokens: EndIds(model),
            InputIds: inputs.GetText("input_ids", "input_ids"),
            AttentionMask: inputs.GetText("attention_mask", "attention_mask"),
            PositionIds: inputs.GetText("position_ids", "position_ids"),
            Logits: outputs.GetText("logits", "logits"),
            PastNames: PerLayer(layers, inputs.GetText("past_key_names", "past_key_values.%d.key"), inputs.GetText("past_value_names", "past_key_values.%d.value")),
            PresentNames: PerLayer(layers, outputs.GetText("present_key_names", "present.%d.key"), outputs.GetText("present_value_names", "present.%d.value")));
    }

    private static int[] EndIds(JsonElement model)
    {
        const string key = "eos_token_id";
        if (model.TryGetProperty(key, out var ids))
        {
            var list = ids.ValueKind == JsonValueKind.Array ? ids.EnumerateArray().ToList() : [ids];
            if (list.Count > 0 && list.TrueForAll(id => id.ValueKind == JsonValueKind.Number && id.TryGetInt32(out _)))
            {
                return [.. list.Select(id => id.GetInt32())];
            }
        }

        throw new InvalidDataException($"{key} must be a token id or a list of them.");
    }

    private static List<string> PerLayer(int layers, params string[] patterns) =>
        [.. Enumerable.Range(0, layers).SelectMany(layer => patterns.Select(pattern => pattern.Replace("%d", $"{layer}", StringComparison.Ordinal)))];
}
