using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Portal.Inference.Onnx;

namespace Portal.Inference.Text.Cache;

/// <summary>The keys and values of a few slots that hold equally much, as one run left them: per tensor one row a slot.</summary>
internal sealed unsafe class CacheBlock : IDisposable
{
    private readonly CacheShape shape;

    public CacheBlock(CacheShape shape, InferenceSession session, OnnxSessions sessions, int rows, int held)
    {
        this.shape = shape;
        (Rows, Held) = (rows, held);
        Tensors = [.. Enumerable.Range(0, shape.Tensors).Select(_ => sessions.Allocate(session, shape.Type, shape.Of(rows, held)))];
    }

    public int Rows { get; }

    public int Held { get; }

    public IReadOnlyList<OrtValue> Tensors { get; }

    /// <summary>How many slots still read from it.</summary>
    public int Readers { get; set; }

    /// <summary>Takes over rows of other blocks, as they are.</summary>
    public void Fill(IReadOnlyList<(CacheBlock Block, int Row)> rows)
    {
        var from = rows.SelectMany(row => row.Block.Tensors.Select(tensor => row.Block.Slice(tensor, row.Row))).ToList();
        var to = Enumerable.Range(0, rows.Count).SelectMany(row => Tensors.Select(tensor => Slice(tensor, row))).ToList();
        try
        {
            OrtEnv.Instance().CopyTensors(from, to, null);
        }
        finally
        {
            from.Concat(to).ToList().ForEach(slice => slice.Dispose());
        }
    }

    public void Dispose()
    {
        foreach (var tensor in Tensors)
        {
            tensor.Dispose();
        }
    }

    private OrtValue Slice(OrtValue tensor, int row)
    {
        var start = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.GetTensorMutableRawData()));
        var rowBytes = shape.BytesPerPosition * Held;
        return OrtValue.CreateTensorValueWithData(tensor.GetTensorMemoryInfo(), shape.Type, shape.Of(1, Held), start + (nint)(row * rowBytes), rowBytes);
    }
}
