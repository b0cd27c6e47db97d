using Portal.Tests.Benchmarks;

namespace Portal.Tests.Inference.Text;

/// <summary>
/// A graph that says after each token the next higher one, and misbehaves at some: tests write down what it will say. Its cache grows.
/// </summary>
internal static class ChainGraph
{
    /// <summary>Logits after this token are no numbers.</summary>
    public const int NotANumber = 1100;

    /// <summary>Logits after this token are infinite.</summary>
    public const int Infinite = 1200;

    /// <summary>A run that is fed this token fails.</summary>
    public const int Fatal = 1300;

    /// <summary>A run that is fed this token beside another row fails, as on a device that lacks the memory for both; alone it succeeds.</summary>
    public const int Crowded = 1400;

    private const long OutOfBounds = 1_000_000;

    public static LlamaShape Shape { get; } = new(Layers: 1, Hidden: 1, Heads: 1, KeyValueHeads: 1, HeadSize: 1, FeedForward: 1, Vocabulary: 2048, Context: 64, Grouped: false);

    /// <param name="folder">Where <c>model.onnx</c> is written.</param>
    public static void Write(string folder)
    {
        var graph = new OnnxGraph();
        graph.Input("input_ids", OnnxGraph.Int64, "batch", "sequence");
        graph.Input("attention_mask", OnnxGraph.Int64, "batch", "total");
        graph.Input("position_ids", OnnxGraph.Int64, "batch", "sequence");
        const string ids = "input_ids";
        var entries = Enumerable.Range(0, Shape.Vocabulary).Select(token => token == Fatal ? OutOfBounds : token).ToArray();
        var crowded = Enumerable.Range(0, Shape.Vocabulary).Select(token => token == Crowded ? OutOfBounds : 0).ToArray();
        var rows = graph.Node("Gather", [graph.Node("Shape", [ids]), graph.Constant([0])], ("axis", 0));
        var others = graph.Node("Sub", [rows, graph.Constant([1])]);
        var next = Enumerable.Range(0, Shape.Vocabulary).Select(token => (token + 1L) % Shape.Vocabulary).ToArray();
        var strength = Enumerable.Range(0, Shape.Vocabulary).Select(token => token switch { NotANumber => float.NaN, Infinite => float.PositiveInfinity, _ => 5 }).ToArray();
        var alone = graph.Node("Gather", [graph.Constant(entries, Shape.Vocabulary), ids]);
        var known = graph.Node("Add", [alone, graph.Node("Mul", [graph.Node("Gather", [graph.Constant(crowded, Shape.Vocabulary), ids]), others])]);
        var said = graph.Node("Gather", [graph.Constant(next, Shape.Vocabulary), known]);
        var values = graph.Weight([1, 2], 2);
        var hot = graph.Node("OneHot", [said, graph.Constant([Shape.Vocabulary]), values], ("axis", -1));
        var factor = graph.Node("Unsqueeze", [graph.Node("Gather", [graph.Weight(strength, Shape.Vocabulary), ids]), graph.Constant([2], 1)]);
        graph.Node("Mul", [hot, factor], ["logits"]);
        graph.Output("logits", OnnxGraph.Float, "batch", "sequence", Shape.Vocabulary);
        var held = graph.Node("Unsqueeze", [graph.Node("Cast", [ids], ("to", OnnxGraph.Float)), graph.Constant([1, 3], 2)]);
        foreach (var kind in new[] { "key", "value" })
        {
            graph.Input($"past_key_values.0.{kind}", OnnxGraph.Float, "batch", 1, "past", 1);
            graph.Node("Concat", [$"past_key_values.0.{kind}", held], [$"present.0.{kind}"], ("axis", 2));
            graph.Output($"present.0.{kind}", OnnxGraph.Float, "batch", 1, "present", 1);
        }

        graph.Save(Path.Combine(folder, "model.onnx"));
    }
}
