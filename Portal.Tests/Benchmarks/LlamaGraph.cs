namespace Portal.Tests.Benchmarks;

/// <summary>
/// Writes a llama-shaped decoder with random weights: root-mean-square norms, rotary positions (halves paired), grouped heads, SwiGLU, tied embeddings.
/// The same shape and seed have the same weights in either form of attention.
/// </summary>
internal sealed class LlamaGraph
{
    private const float Epsilon = 1e-5f;

    private readonly LlamaShape shape;
    private readonly OnnxGraph graph;
    private readonly Random random;
    private readonly string lengths = "";
    private readonly string width = "";
    private readonly string cos;
    private readonly string sin;
    private readonly string bias = "";

    private LlamaGraph(LlamaShape shape, int seed, OnnxGraph graph)
    {
        this.shape = shape;
        this.graph = graph;
        random = new(seed);
        graph.Input("input_ids", OnnxGraph.Int64, "batch", "sequence");
        graph.Input("attention_mask", OnnxGraph.Int64, "batch", "total");
        (cos, sin) = (Angles(Math.Cos), Angles(Math.Sin));
        if (shape.Grouped)
        {
            var ones = graph.Node("ReduceSum", ["attention_mask", graph.Constant([1], 1)], ("keepdims", 0));
            lengths = Cast(graph.Node("Sub", [ones, graph.Constant([1])]), OnnxGraph.Int32);
            width = Cast(graph.Node("Gather", [graph.Node("Shape", ["attention_mask"]), graph.Constant([1])], ("axis", 0)), OnnxGraph.Int32);
        }
        else
        {
            graph.Input("position_ids", OnnxGraph.Int64, "batch", "sequence");
            cos = Unsqueeze(graph.Node("Gather", [cos, "position_ids"]), 1);
            sin = Unsqueeze(graph.Node("Gather", [sin, "position_ids"]), 1);
            bias = Bias();
        }
    }

    /// <summary>Writes <c>model.onnx</c>, and the weights beside it.</summary>
    public static void Write(string folder, LlamaShape shape, int seed)
    {
        using var weights = File.Create(Path.Combine(folder, OnnxGraph.WeightsFile));
        var graph = new OnnxGraph(weights);
        new LlamaGraph(shape, seed, graph).Build();
        graph.Save(Path.Combine(folder, "model.onnx"));
    }

    private void Build()
    {
        var embedding = Weight(shape.Vocabulary, shape.Hidden);
        var x = graph.Node("Gather", [embedding, "input_ids"]);
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            x = graph.Node("Add", [x, Attention(Norm(x), layer)]);
            x = graph.Node("Add", [x, FeedForward(Norm(x))]);
        }

        var rows = graph.Node("Reshape", [Norm(x), graph.Constant([-1, shape.Hidden], 2)]);
        var logits = graph.Node("Gemm", [rows, embedding], ("transB", 1));
        var ids = graph.Node("Shape", ["input_ids"]);
        var sizes = graph.Node("Concat", [ids, graph.Constant([shape.Vocabulary], 1)], ("axis", 0));
        logits = graph.Node("Reshape", [logits, sizes]);
        graph.Node("Cast", [logits], ["logits"], ("to", Stored));
        graph.Output("logits", Stored, "batch", "sequence", shape.Vocabulary);
    }

    private int Stored => shape.HalfCache ? OnnxGraph.Half : OnnxGraph.Float;

    private string Attention(string x, int layer)
    {
        var query = Project(x, shape.Heads * shape.HeadSize);
        var key = Project(x, shape.KeyValueHeads * shape.HeadSize);
        var value = Project(x, shape.KeyValueHeads * shape.HeadSize);
        string[] past = [$"past_key_values.{layer}.key", $"past_key_values.{layer}.value"];
        string[] present = [$"present.{layer}.key", $"present.{layer}.value"];
        foreach (var (before, after) in past.Zip(present))
        {
            graph.Input(before, Stored, "batch", shape.KeyValueHeads, "past", shape.HeadSize);
            graph.Output(after, Stored, "batch", shape.KeyValueHeads, "present", shape.HeadSize);
        }

        var attended = shape.Grouped ? Grouped(query, key, value, past, present, layer) : Ordinary(query, key, value, past, present);
        return Project(attended, shape.Hidden, shape.Heads * shape.HeadSize);
    }

    private string Grouped(string query, string key, string value, string[] past, string[] present, int layer)
    {
        var attended = $"attended_{layer}";
        graph.Node(
            "com.microsoft:GroupQueryAttention", [query, key, value, .. past, lengths, width, cos, sin], [attended, .. present],
            ("num_heads", shape.Heads), ("kv_num_heads", shape.KeyValueHeads), ("do_rotary", 1));
        return attended;
    }

    private string Ordinary(string query, string key, string value, string[] past, string[] present)
    {
        graph.Node("Concat", [past[0], Cast(Rotate(Heads(key, shape.KeyValueHeads)), Stored)], [present[0]], ("axis", 2));
        graph.Node("Concat", [past[1], Cast(Heads(value, shape.KeyValueHeads), Stored)], [present[1]], ("axis", 2));
        var group = shape.Heads / shape.KeyValueHeads;
        // [batch, kvHeads, group, sequence, headSize] against keys and values that all of a group share.
        var queries = graph.Node("Reshape", [Rotate(Heads(query, shape.Heads)), graph.Constant([0, shape.KeyValueHeads, group, -1, shape.HeadSize], 5)]);
        var keys = graph.Node("Transpose", [Unsqueeze(Cast(present[0], OnnxGraph.Float), 2)], ("perm", new long[] { 0, 1, 2, 4, 3 }));
        var values = Unsqueeze(Cast(present[1], OnnxGraph.Float), 2);
        var scores = graph.Node("Mul", [graph.Node("MatMul", [queries, keys]), graph.Constant(1 / MathF.Sqrt(shape.HeadSize))]);
        var weights = graph.Node("Softmax", [graph.Node("Add", [scores, bias])], ("axis", -1));
        var attended = graph.Node("Reshape", [graph.Node("MatMul", [weights, values]), graph.Constant([0, shape.Heads, -1, shape.HeadSize], 4)]);
        attended = graph.Node("Transpose", [attended], ("perm", new long[] { 0, 2, 1, 3 }));
        return graph.Node("Reshape", [attended, graph.Constant([0, 0, shape.Heads * shape.HeadSize], 3)]);
    }

    /// <summary>0 where a token may look, else far below any score: <c>[batch, 1, 1, sequence, total]</c>.</summary>
    private string Bias()
    {
        var total = graph.Node("Gather", [graph.Node("Shape", ["attention_mask"]), graph.Constant([1])], ("axis", 0));
        var places = graph.Node("Range", [graph.Constant([0]), total, graph.Constant([1])]);
        var before = graph.Node("LessOrEqual", [places, Unsqueeze("position_ids", 2)]);
        var seen = graph.Node("And", [before, Unsqueeze(Cast("attention_mask", OnnxGraph.Bool), 1)]);
        return Unsqueeze(graph.Node("Where", [seen, graph.Constant(0f), graph.Constant(-1e9f)]), 1, 2);
    }

    private string Heads(string x, int heads) =>
        graph.Node("Transpose", [graph.Node("Reshape", [x, graph.Constant([0, 0, heads, shape.HeadSize], 4)])], ("perm", new long[] { 0, 2, 1, 3 }));

    private string Rotate(string x)
    {
        var half = shape.HeadSize / 2;
        string[] halves = [$"{x}_first", $"{x}_second"];
        graph.Node("Split", [x, graph.Constant([half, half], 2)], halves, ("axis", -1));
        var first = graph.Node("Sub", [graph.Node("Mul", [halves[0], cos]), graph.Node("Mul", [halves[1], sin])]);
        var second = graph.Node("Add", [graph.Node("Mul", [halves[1], cos]), graph.Node("Mul", [halves[0], sin])]);
        return graph.Node("Concat", [first, second], ("axis", -1));
    }

    private string FeedForward(string x)
    {
        var gate = Project(x, shape.FeedForward);
        var silu = graph.Node("Mul", [gate, graph.Node("Sigmoid", [gate])]);
        return Project(graph.Node("Mul", [silu, Project(x, shape.FeedForward)]), shape.Hidden, shape.FeedForward);
    }

    private string Norm(string x)
    {
        var scale = graph.Weight([.. Enumerable.Repeat(1f, shape.Hidden)], shape.Hidden);
        return graph.Node("SimplifiedLayerNormalization", [x, scale], ("axis", -1), ("epsilon", Epsilon), ("stash_type", 1));
    }

    private string Project(string x, int columns, int? rows = null) => graph.Node("MatMul", [x, Weight(rows ?? shape.Hidden, columns)]);

    private string Weight(int rows, int columns)
    {
        var values = new float[(long)rows * columns];
        var scale = 2 * MathF.Sqrt(3f / Math.Min(rows, shape.FeedForward));
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (random.NextSingle() - 0.5f) * scale;
        }

        return graph.Weight(values, rows, columns);
    }

    private string Angles(Func<double, double> function)
    {
        var half = shape.HeadSize / 2;
        var values = new float[shape.Context * half];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)function(i / half * Math.Pow(10_000, -(double)(i % half) / half));
        }

        return graph.Weight(values, shape.Context, half);
    }

    private string Cast(string x, int type) => graph.Node("Cast", [x], ("to", type));

    private string Unsqueeze(string x, params long[] axes) => graph.Node("Unsqueeze", [x, graph.Constant(axes, axes.Length)]);
}
