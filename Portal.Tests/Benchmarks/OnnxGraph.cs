using System.Runtime.InteropServices;

namespace Portal.Tests.Benchmarks;

/// <summary>Builds an ONNX file, by the field numbers of the public <c>onnx.proto</c>. Names of values are strings, as in the file.</summary>
/// <param name="weights">Where large weights go, as external data; null keeps them in the graph's file.</param>
internal sealed class OnnxGraph(Stream? weights = null)
{
    public const string WeightsFile = "model.onnx.data";
    public const int Float = 1;
    public const int Int32 = 6;
    public const int Int64 = 7;
    public const int Bool = 9;
    public const int Half = 10;

    private const int ExternalFrom = 1024;
    private const int OpsetVersion = 17;

    private readonly ProtoMessage graph = new();
    private int count;

    /// <summary>A node with one output, whose name is returned.</summary>
    /// <param name="op">Its operator; one of <c>com.microsoft</c> is written with that in front and a colon.</param>
    /// <param name="inputs">Names; an empty one leaves an optional input out.</param>
    /// <param name="attributes">Whole numbers, floats, or arrays of whole numbers, by name.</param>
    public string Node(string op, string[] inputs, params (string Name, object Value)[] attributes)
    {
        var output = $"{op.Split(':')[^1]}_{count++}";
        Node(op, inputs, [output], attributes);
        return output;
    }

    public void Node(string op, string[] inputs, string[] outputs, params (string Name, object Value)[] attributes)
    {
        var node = new ProtoMessage();
        foreach (var input in inputs)
        {
            node.Add(1, input);
        }

        foreach (var output in outputs)
        {
            node.Add(2, output);
        }

        var parts = op.Split(':');
        node.Add(3, outputs[0]).Add(4, parts[^1]);
        foreach (var (name, value) in attributes)
        {
            node.Add(5, Attribute(name, value));
        }

        graph.Add(1, parts.Length > 1 ? node.Add(7, parts[0]) : node);
    }

    /// <summary>A constant of whole numbers; no dimensions make it a scalar.</summary>
    public string Constant(long[] values, params long[] shape) => Initializer(Int64, shape, MemoryMarshal.AsBytes(values.AsSpan()));

    public string Constant(float value) => Initializer(Float, [], MemoryMarshal.AsBytes(new[] { value }.AsSpan()));

    public string Weight(float[] values, params long[] shape) => Initializer(Float, shape, MemoryMarshal.AsBytes(values.AsSpan()));

    /// <param name="name">Its name.</param>
    /// <param name="type">One of this class's element types.</param>
    /// <param name="shape">Whole numbers, or names of dimensions that vary.</param>
    public void Input(string name, int type, params object[] shape) => graph.Add(11, Value(name, type, shape));

    /// <inheritdoc cref="Input"/>
    public void Output(string name, int type, params object[] shape) => graph.Add(12, Value(name, type, shape));

    public void Save(string path)
    {
        graph.Add(2, "graph");
        var model = new ProtoMessage()
            .Add(1, 8)
            .Add(7, graph)
            .Add(8, new ProtoMessage().Add(1, "").Add(2, OpsetVersion))
            .Add(8, new ProtoMessage().Add(1, "com.microsoft").Add(2, 1));
        File.WriteAllBytes(path, model.Encoded);
    }

    private static ProtoMessage Attribute(string name, object value)
    {
        var attribute = new ProtoMessage().Add(1, name);
        switch (value)
        {
            case int number:
                return attribute.Add(3, number).Add(20, 2);
            case float number:
                return attribute.Add(2, number).Add(20, 1);
            case long[] numbers:
                foreach (var number in numbers)
                {
                    attribute.Add(8, number);
                }

                return attribute.Add(20, 7);
            default:
                throw new ArgumentException($"An attribute cannot be {value}.", nameof(value));
        }
    }

    private string Initializer(int type, long[] shape, ReadOnlySpan<byte> bytes)
    {
        var name = $"constant_{count++}";
        var tensor = new ProtoMessage();
        foreach (var dimension in shape)
        {
            tensor.Add(1, dimension);
        }

        tensor.Add(2, type).Add(8, name);
        if (weights is null || bytes.Length < ExternalFrom)
        {
            graph.Add(5, tensor.Add(9, bytes));
            return name;
        }

        foreach (var (key, value) in new[] { ("location", WeightsFile), ("offset", $"{weights.Position}"), ("length", $"{bytes.Length}") })
        {
            tensor.Add(13, new ProtoMessage().Add(1, key).Add(2, value));
        }

        weights.Write(bytes);
        graph.Add(5, tensor.Add(14, 1));
        return name;
    }

    private static ProtoMessage Value(string name, int type, object[] shape)
    {
        var dimensions = new ProtoMessage();
        foreach (var dimension in shape)
        {
            dimensions.Add(1, dimension is string symbol ? new ProtoMessage().Add(2, symbol) : new ProtoMessage().Add(1, Convert.ToInt64(dimension, null)));
        }

        return new ProtoMessage().Add(1, name).Add(2, new ProtoMessage().Add(1, new ProtoMessage().Add(1, type).Add(2, dimensions)));
    }
}
