using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Portal.Inference.Onnx;

namespace Portal.Inference.Text.Cache;

/// <summary>The keys and values of a few slots that hold equally much, as one run left them: per tensor one row a slot.</summary>
internal sealed unsafe class CacheBlock : IDisposable
{
    private readonly CacheShape shape;
    private readonly bool onCpu;

    public CacheBlock(CacheShape shape, InferenceSession session, OnnxSessions sessions, int rows, int held)
    {
        (this.shape, onCpu) = (shape, sessions.OnCpu);
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
        if (onCpu)
        {
            // The library copies between devices alone, and refuses this.
            Copy(rows);
            return;
        }

        var from = rows.SelectMany(row => Enumerable.Range(0, shape.Tensors).Select(tensor => row.Block.Slice(tensor, row.Row))).ToList();
        var to = Enumerable.Range(0, rows.Count).SelectMany(row => Enumerable.Range(0, shape.Tensors).Select(tensor => Slice(tensor, row))).ToList();
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

    private void Copy(IReadOnlyList<(CacheBlock Block, int Row)> rows)
    {
        for (var row = 0; row < rows.Count; row++)
        {
            for (var i = 0; i < Tensors.Count; i++)
            {
                Buffer.MemoryCopy((void*)rows[row].Block.Start(i, rows[row].Row), (void*)Start(i, row), RowBytes, RowBytes);
            }
        }
    }

    private long RowBytes => shape.BytesPerPosition * Held;

    private nint Start(int tensor, int row) => (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(Tensors[tensor].GetTensorMutableRawData())) + (nint)(row * RowBytes);

    private OrtValue Slice(int tensor, int row) =>
        OrtValue.CreateTensorValueWithData(Tensors[tensor].GetTensorMemoryInfo(), shape.Type, shape.Of(1, Held), Start(tensor, row), RowBytes);
}
