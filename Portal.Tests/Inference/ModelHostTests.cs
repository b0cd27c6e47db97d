using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Portal.Inference;

namespace Portal.Tests.Inference;

public sealed class ModelHostTests
{
    /// <summary>What can be wrong with a model's folder: a file, what becomes of it (null removes it), and words of the reason.</summary>
    private static readonly (string Name, string File, Func<string, string?> Spoil, string Reason)[] SpoiltGuides =
    [
        ("no-graph", "model.onnx", _ => null, "model.onnx is missing"),
        ("graph-cut", "model.onnx", text => text[..(text.Length / 2)], "model.onnx cannot be run"),
        ("graph-empty", "model.onnx", _ => "", "model.onnx cannot be run"),
        ("graph-garbage", "model.onnx", _ => new string('\u00ff', 100_000), "model.onnx cannot be run"),
        ("config-cut", "genai_config.json", text => text[..(text.Length / 2)], "genai_config.json is not valid JSON"),
        ("config-empty", "genai_config.json", _ => "{}", "model is missing"),
        ("config-array", "genai_config.json", _ => "[1, 2]", "genai_config.json is not a JSON object"),
        ("config-text-for-number", "genai_config.json", text => text.Replace("\"vocab_size\": 2048", "\"vocab_size\": \"many\""), "vocab_size"),
        ("config-negative", "genai_config.json", text => text.Replace("\"num_hidden_layers\": 4", "\"num_hidden_layers\": -4"), "num_hidden_layers"),
        ("config-fewer-layers", "genai_config.json", text => text.Replace("\"num_hidden_layers\": 4", "\"num_hidden_layers\": 3"), "layers.3"),
        ("config-more-layers", "genai_config.json", text => text.Replace("\"num_hidden_layers\": 4", "\"num_hidden_layers\": 5"), "past_key_values.4.key"),
        ("config-wrong-head", "genai_config.json", text => text.Replace("\"head_size\": 48", "\"head_size\": 47"), "past_key_values.0.key"),
        ("config-wrong-vocabulary", "genai_config.json", text => text.Replace("\"vocab_size\": 2048", "\"vocab_size\": 2000"), "logits"),
        ("config-larger-vocabulary", "genai_config.json", text => text.Replace("\"vocab_size\": 2048", "\"vocab_size\": 4000"), "logits"),
        ("config-huge-context", "genai_config.json", text => text.Replace("\"context_length\": 512", "\"context_length\": 2147483647"), "context_length"),
        ("config-memory-beyond-reason", "genai_config.json", text => text.Replace("\"context_length\": 512", "\"context_length\": 16777216"), "cache takes"),
        ("config-longer-context", "genai_config.json", text => text.Replace("\"context_length\": 512", "\"context_length\": 1024"), "cos_cache"),
        ("config-outside", "genai_config.json", text => text.Replace("\"model.onnx\"", "\"../guide/model.onnx\""), "outside the model folder"),
        ("config-no-end", "genai_config.json", text => text.Replace("eos_token_id", "eos_token_idx"), "eos_token_id"),
        ("no-tokenizer", "tokenizer.json", _ => null, "tokenizer.json is missing"),
        ("tokenizer-cut", "tokenizer.json", text => text[..(text.Length / 2)], "tokenizer.json is not valid JSON"),
        ("tokenizer-empty", "tokenizer.json", _ => "{}", "Tokenizer"),
        ("tokenizer-null", "tokenizer.json", _ => "null", "tokenizer.json is not a JSON object"),
        ("no-tokenizer-config", "tokenizer_config.json", _ => null, "tokenizer_config.json is missing"),
        ("template-missing", "tokenizer_config.json", text => text.Replace("chat_template", "chat_template_x"), "template"),
        ("template-broken", "tokenizer_config.json", text => text.Replace("{% endfor %}", ""), "template"),
    ];

    private static readonly (string Name, string File, Func<string, string?> Spoil, string Reason)[] SpoiltShapes =
    [
        ("other-pipeline", "model_index.json", text => text.Replace("ZImagePipeline", "FluxPipeline"), "FluxPipeline"),
        ("no-transformer", "transformer/model.onnx", _ => null, "transformer/model.onnx is missing"),
        ("transformer-cut", "transformer/model.onnx", text => text[..(text.Length / 2)], "transformer/model.onnx cannot be run"),
        ("decoder-cut", "vae_decoder/model.onnx", text => text[..1000], "vae_decoder/model.onnx cannot be run"),
        ("no-scheduler", "scheduler/scheduler_config.json", _ => null, "scheduler_config.json is missing"),
        ("no-vae", "vae/config.json", _ => null, "vae/config.json is missing"),
        ("vae-scale-zero", "vae/config.json", text => text.Replace("0.98242", "0"), "scaling_factor"),
        ("vae-other-channels", "vae/config.json", text => text.Replace("\"latent_channels\": 4", "\"latent_channels\": 8"), "hidden_states"),
        ("vae-no-blocks", "vae/config.json", text => text.Replace("16,", "").Replace("32,", "").Replace("64\n", "\n"), "block_out_channels"),
        ("image-tokenizer-cut", "tokenizer/tokenizer.json", text => text[..5000], "tokenizer.json is not valid JSON"),
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Shipped_models_are_found_loaded_and_told_apart()
    {
        await using var host = Host(new() { Device = InferenceDevice.Cpu });
        Assert.False(host.Ready.IsCompleted);
        await host.StartAsync(Cancel);
        Assert.Equal(["guide", "shapes"], host.Models.Select(model => model.Id));
        await host.Ready.WaitAsync(Cancel);
        Assert.Equal([new("guide", ModelKind.Text, ModelState.Ready), new("shapes", ModelKind.Image, ModelState.Ready)], host.Models);
        Assert.Equal(512, host.Text("guide")!.ContextLength);
        Assert.Equal(64, host.Image("shapes")!.Limits.SizeDefault);
        Assert.Null(host.Text("shapes"));
        Assert.Null(host.Image("guide"));
        Assert.Null(host.Text("nothing"));
    }

    [Fact]
    public async Task Broken_folders_are_unavailable_with_a_reason_and_do_not_hurt_the_others()
    {
        using var models = new TemporaryModels();
        models.Copy(ShippedModels.Guide, "guide");
        foreach (var (name, file, spoil, _) in SpoiltGuides)
        {
            Spoil(Path.Combine(models.Copy(ShippedModels.Guide, name), file), spoil);
        }

        foreach (var (name, file, spoil, _) in SpoiltShapes)
        {
            Spoil(Path.Combine(models.Copy(ShippedModels.Shapes, name), file), spoil);
        }

        Directory.CreateDirectory(Path.Combine(models.Directory, "empty"));
        await using var host = Host(new() { Device = InferenceDevice.Cpu, ModelDirectories = [models.Directory] });
        await host.StartAsync(Cancel);
        await host.Ready.WaitAsync(Cancel);

        var byId = host.Models.ToDictionary(model => model.Id);
        Assert.Equal(SpoiltGuides.Length + SpoiltShapes.Length + 2, byId.Count);
        Assert.Equal(new("guide", ModelKind.Text, ModelState.Ready), byId["guide"]);
        Assert.Contains("neither", byId["empty"].Reason, StringComparison.Ordinal);
        Assert.All(SpoiltGuides.Concat(SpoiltShapes), spoilt =>
        {
            Assert.Equal(ModelState.Unavailable, byId[spoilt.Name].State);
            Assert.Contains(spoilt.Reason, byId[spoilt.Name].Reason, StringComparison.Ordinal);
            Assert.Null((object?)host.Text(spoilt.Name) ?? host.Image(spoilt.Name));
        });
    }

    [Fact]
    public async Task A_directory_that_does_not_exist_is_unavailable()
    {
        await using var host = Host(new() { ModelDirectories = ["no-such-directory"] });
        await host.StartAsync(Cancel);
        await host.Ready.WaitAsync(Cancel);
        var model = Assert.Single(host.Models);
        Assert.Equal(("no-such-directory", ModelState.Unavailable), (model.Id, model.State));
        Assert.Contains("does not exist", model.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_was_never_started_can_be_disposed_as_often_as_it_is_registered()
    {
        var host = Host(new());
        await host.DisposeAsync();
        await host.DisposeAsync();
        Assert.Empty(host.Models);
    }

    private static ModelHost Host(InferenceOptions options) => new(Options.Create(options), TimeProvider.System, NullLogger<ModelHost>.Instance);

    private static void Spoil(string file, Func<string, string?> spoil)
    {
        // Latin-1 keeps every byte of a graph; the tokenizer's own letters are replaced as UTF-8.
        var encoding = file.EndsWith(".onnx", StringComparison.Ordinal) ? Encoding.Latin1 : new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        var before = File.ReadAllText(file, encoding);
        var after = spoil(before);
        Assert.NotEqual(before, after);
        if (after is null)
        {
            File.Delete(file);
        }
        else
        {
            File.WriteAllText(file, after, encoding);
        }
    }
}
