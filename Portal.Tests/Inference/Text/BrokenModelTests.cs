using System.Text;
using Portal.Inference;
using Portal.Inference.Hosting;
using Portal.Inference.Onnx;
using Portal.Inference.Text;
using Portal.Tests.Benchmarks;

namespace Portal.Tests.Inference.Text;

/// <summary>Folders that cannot be what they say: each is refused with a sentence that names what is wrong, before it costs memory.</summary>
public sealed class BrokenModelTests : IDisposable
{
    private const string Config = "genai_config.json";
    private const string Graph = "model.onnx";

    private readonly TemporaryModels models = new();

    public void Dispose() => models.Dispose();

    [Fact]
    public void The_same_folder_without_a_mistake_is_loaded()
    {
        Open(grouped: true);
        Open(grouped: false);
    }

    [Theory]
    [InlineData("num_key_value_heads\":2", "num_key_value_heads\":4", "past_key_values.0.key")]
    [InlineData("num_key_value_heads\":2", "num_key_value_heads\":99999999", "num_key_value_heads")]
    [InlineData("head_size\":16", "head_size\":32", "past_key_values.0.key")]
    [InlineData("head_size\":16", "head_size\":1e30", "head_size")]
    [InlineData("num_hidden_layers\":2", "num_hidden_layers\":1000", "past_key_values.2.key")]
    [InlineData("num_hidden_layers\":2", "num_hidden_layers\":1000000000", "num_hidden_layers")]
    [InlineData("vocab_size\":2048", "vocab_size\":2047", "logits")]
    [InlineData("vocab_size\":2048", "vocab_size\":4000000", "logits")]
    [InlineData("context_length\":128", "context_length\":129", "answers of 129 tokens")]
    [InlineData("context_length\":128", "context_length\":16000000", "lower context_length")]
    [InlineData("\"logits\":\"logits\"", "\"logits\":\"chances\"", "no output 'chances'")]
    [InlineData("present.%d.value", "present.%d.worth", "no output 'present.0.worth'")]
    [InlineData("past_key_values.%d.value", "%d%d%d", "no input '000'")]
    [InlineData("\"model.onnx\"", "\"../guide/model.onnx\"", "outside the model folder")]
    [InlineData("\"model.onnx\"", "\"/etc/hostname\"", "outside the model folder")]
    [InlineData("\"model.onnx\"", "\"tokenizer.json\"", "tokenizer.json cannot be run")]
    public void A_configuration_that_does_not_fit_the_graph_is_refused(string text, string instead, string reason)
    {
        Assert.Contains(reason, Refusal(grouped: true, Config, config => config.Replace(text, instead, StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains(reason, Refusal(grouped: false, Config, config => config.Replace(text, instead, StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void An_input_that_nobody_fills_is_named() =>
        Assert.Contains("position_ids", Refusal(grouped: false, Config, config => config.Replace("\"position_ids\":\"position_ids\"", "\"position_ids\":\"places\"", StringComparison.Ordinal)), StringComparison.Ordinal);

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(100_000)]
    public void Weights_that_are_cut_off_are_refused(int left) =>
        Assert.Contains("model.onnx cannot be run", Refusal(grouped: true, OnnxGraph.WeightsFile, weights => weights[..left]), StringComparison.Ordinal);

    [Fact]
    public void A_graph_cannot_read_its_weights_from_elsewhere()
    {
        const string outside = "../outside.data";
        Assert.Equal(OnnxGraph.WeightsFile.Length, outside.Length);
        var reason = Refusal(grouped: true, Graph, graph => graph.Replace(OnnxGraph.WeightsFile, outside, StringComparison.Ordinal), folder =>
            File.Copy(Path.Combine(folder, OnnxGraph.WeightsFile), Path.Combine(folder, outside)));
        Assert.Contains("model.onnx cannot be run", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Links_that_lead_in_a_circle_or_out_of_the_folder_are_not_followed()
    {
        var folder = Write(grouped: true);
        var (version, stamp) = (FolderVersion.Of(folder), FolderStamp.Of(folder));
        Directory.CreateSymbolicLink(Path.Combine(folder, "circle"), folder);
        Directory.CreateSymbolicLink(Path.Combine(folder, "out"), models.Directory);

        Assert.Equal((version, stamp), (FolderVersion.Of(folder), FolderStamp.Of(folder)));
        using var lone = new LoneTextModel(folder, OnCpu, TimeProvider.System);
    }

    [Fact]
    public async Task A_conversation_that_the_template_refuses_is_told_and_others_go_on()
    {
        var folder = models.Copy(ShippedModels.Guide, "strict");
        var path = Path.Combine(folder, "tokenizer_config.json");
        var config = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        const string loop = "{% for message in messages %}";
        Assert.Contains(loop, config, StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, config.Replace(loop, $"{loop}{{% if message['role'] == 'system' %}}{{{{ raise_exception('System role not supported') }}}}{{% endif %}}", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        using var lone = new LoneTextModel(folder, OnCpu, TimeProvider.System);
        ChatMessage[] unfit = [new("system", "be brief"), new("user", "hello")];

        Assert.Throws<PromptUnfitException>(() => lone.Model.CountTokens(unfit));
        await Assert.ThrowsAsync<PromptUnfitException>(async () => await lone.Model.Generate(new(unfit, 2)).ToListAsync(TestContext.Current.CancellationToken));

        Assert.NotEmpty(await lone.Model.Generate(new([new("user", "hello")], 2)).ToListAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>The reason why a folder is refused after one of its files was changed.</summary>
    private string Refusal(bool grouped, string file, Func<string, string> spoil, Action<string>? prepare = null)
    {
        var folder = Write(grouped);
        prepare?.Invoke(folder);
        var path = Path.Combine(folder, file);
        var before = File.ReadAllText(path, Encoding.Latin1);
        var after = spoil(before);
        Assert.NotEqual(before, after);
        File.WriteAllText(path, after, Encoding.Latin1);
        return Assert.Throws<InvalidDataException>(() => new LoneTextModel(folder, OnCpu, TimeProvider.System).Dispose()).Message;
    }

    private void Open(bool grouped)
    {
        using var lone = new LoneTextModel(Write(grouped), OnCpu, TimeProvider.System);
        Assert.Equal(LlamaShape.Tiny.Context, lone.Model.ContextLength);
    }

    private string Write(bool grouped)
    {
        var folder = Path.Combine(models.Directory, $"made-{Guid.NewGuid():N}");
        RandomModel.Write(folder, LlamaShape.Tiny with { Grouped = grouped }, seed: 3);
        return folder;
    }

    private static InferenceOptions OnCpu => new() { Device = InferenceDevice.Cpu };
}
