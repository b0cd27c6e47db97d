using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Tests.Benchmarks;

/// <summary>Makes the folder of a text model with random weights: to measure with, and to test with.</summary>
internal static class RandomModel
{
    public const string Verb = "random-model";

    private const string Help = "Usage: random-model DIRECTORY [grouped|ordinary]    a model in the shape of a 0.5 B-parameter llama, 2 GB";

    /// <summary>The command.</summary>
    public static async Task<int> Run(string[] args)
    {
        if (args is not [var folder] && (args is not [_, "grouped" or "ordinary"] || (folder = args[0]) is null))
        {
            await Console.Error.WriteLineAsync(Help);
            return 2;
        }

        Write(folder, LlamaShape.HalfBillion with { Grouped = args is not [_, "ordinary"] }, seed: 1);
        await Console.Out.WriteLineAsync(Path.GetFullPath(folder));
        return 0;
    }

    /// <summary>The shipped tokenizer, with as many words more as the vocabulary is larger.</summary>
    public static void Write(string folder, LlamaShape shape, int seed)
    {
        Directory.CreateDirectory(folder);
        LlamaGraph.Write(folder, shape, seed);
        WriteConfig(folder, shape);
        var shipped = Path.Combine(AppContext.BaseDirectory, "Models", "guide");
        foreach (var file in new[] { "tokenizer_config.json", "special_tokens_map.json" })
        {
            File.Copy(Path.Combine(shipped, file), Path.Combine(folder, file), overwrite: true);
        }

        var tokenizer = JsonNode.Parse(File.ReadAllText(Path.Combine(shipped, "tokenizer.json")))!;
        var words = tokenizer["model"]!["vocab"]!.AsObject();
        var known = words.Count + tokenizer["added_tokens"]!.AsArray().Count(token => !words.ContainsKey(token!["content"]!.GetValue<string>()));
        for (var id = known; id < shape.Vocabulary; id++)
        {
            words.Add($"w{id}", id);
        }

        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), tokenizer.ToJsonString());
    }

    /// <summary><c>genai_config.json</c> of a graph with the usual names.</summary>
    public static void WriteConfig(string folder, LlamaShape shape)
    {
        var config = new
        {
            model = new
            {
                bos_token_id = 2045,
                context_length = shape.Context,
                decoder = new
                {
                    session_options = new { log_id = "onnxruntime-genai", provider_options = Array.Empty<object>() },
                    filename = "model.onnx",
                    head_size = shape.HeadSize,
                    hidden_size = shape.Hidden,
                    inputs = Inputs(shape),
                    outputs = new { logits = "logits", present_key_names = "present.%d.key", present_value_names = "present.%d.value" },
                    num_attention_heads = shape.Heads,
                    num_hidden_layers = shape.Layers,
                    num_key_value_heads = shape.KeyValueHeads,
                },
                eos_token_id = new[] { 2047, 2045 },
                pad_token_id = 2045,
                type = "llama",
                vocab_size = shape.Vocabulary,
            },
            search = new { do_sample = false, max_length = shape.Context, num_beams = 1, past_present_share_buffer = shape.Grouped, top_k = 1 },
        };
        File.WriteAllText(Path.Combine(folder, "genai_config.json"), JsonSerializer.Serialize(config));
    }

    private static Dictionary<string, string> Inputs(LlamaShape shape)
    {
        var inputs = new Dictionary<string, string>
        {
            ["input_ids"] = "input_ids",
            ["attention_mask"] = "attention_mask",
            ["past_key_names"] = "past_key_values.%d.key",
            ["past_value_names"] = "past_key_values.%d.value",
        };
        if (!shape.Grouped)
        {
            inputs["position_ids"] = "position_ids";
        }

        return inputs;
    }
}
