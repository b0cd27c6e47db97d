using Microsoft.ML.OnnxRuntime;

namespace Portal.Inference.Text.Engine;

/// <summary>The tensors of a decode step, bound once for all steps of a batch that keeps its cache where it is. For one thread.</summary>
/// <param name="session">The graph.</param>
/// <param name="options">Of each run.</param>
/// <param name="maskName">The input whose width changes.</param>
/// <param name="rows">Of the batch.</param>
/// <param name="widthMax">Of the mask: the context's length.</param>
/// <param name="copied">Whether binding copies an input to a device: then what changed is bound anew before each run.</param>
internal sealed class StepBinding(InferenceSession session, RunOptions options, string maskName, int rows, int widthMax, bool copied) : IDisposable
{
    /// <summary>
    /// The mask's width grows by this much: a wider one than the longest row needs changes nothing, since only the ones of a row count, and as long as it
    /// fits nothing needs to be bound.
    /// </summary>
    private const int WidthStep = 64;

    private readonly OrtIoBinding binding = session.CreateIoBinding();
    private readonly List<OrtValue> owned = [];
    private readonly List<(string Name, OrtValue Tensor)> inputs = [];
    private readonly int[] ones = new int[rows];
    private long[] mask = [];
    private OrtValue? maskTensor;
    private int width;

    /// <param name="tensor">Belongs to the binding from here on; what lies behind it is read at each run.</param>
    public void Input(string name, OrtValue tensor)
    {
        owned.Add(tensor);
        inputs.Add((name, tensor));
        binding.BindInput(name, tensor);
    }

    /// <param name="tensor">Belongs to the binding from here on.</param>
    public void Output(string name, OrtValue tensor)
    {
        owned.Add(tensor);
        binding.BindOutput(name, tensor);
    }

    /// <summary>The cache: what is read as the past is written as the present, in the same memory.</summary>
    public void Shared(IReadOnlyList<string> pasts, IReadOnlyList<string> presents, IReadOnlyList<OrtValue> tensors)
    {
        for (var i = 0; i < tensors.Count; i++)
        {
            binding.BindInput(pasts[i], tensors[i]);
            binding.BindOutput(presents[i], tensors[i]);
        }
    }

    /// <summary>How many ones a row of the mask has.</summary>
    /// <param name="counts">Of each row, at least one.</param>
    /// <param name="most">The largest of them.</param>
    public void Mask(ReadOnlySpan<int> counts, int most)
    {
        Widen(Math.Min(widthMax, (most + WidthStep - 1) / WidthStep * WidthStep));
        for (var row = 0; row < rows; row++)
        {
            var (from, to) = (ones[row], counts[row]);
            var places = mask.AsSpan(row * width, width);
            if (from < to)
            {
                places[from..to].Fill(1);
            }
            else
            {
                places[to..from].Clear();
            }

            ones[row] = to;
        }
    }

    public void Run()
    {
        if (copied)
        {
            foreach (var (name, tensor) in inputs)
            {
                binding.BindInput(name, tensor);
            }

            binding.BindInput(maskName, maskTensor!);
        }

        session.RunWithBinding(options, binding);
    }

    public void Dispose()
    {
        binding.Dispose();
        maskTensor?.Dispose();
        foreach (var tensor in owned)
        {
            tensor.Dispose();
        }
    }

    private void Widen(int wanted)
    {
        if (wanted == width)
        {
            return;
        }

        mask = new long[rows * wanted];
        Array.Clear(ones);
        var wider = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, mask.AsMemory(), [rows, wanted]);
        binding.BindInput(maskName, wider);
        maskTensor?.Dispose();
        (maskTensor, width) = (wider, wanted);
    }
}
