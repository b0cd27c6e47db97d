using Microsoft.ML.OnnxRuntime;

namespace Portal.Inference.Text.Engine;

/// <summary>The tensors of a decode step, bound once for all steps of a batch that keeps its cache where it is. For one thread.</summary>
/// <param name="session">The graph.</param>
/// <param name="options">Of each run.</param>
/// <param name="maskName">The input whose width changes.</param>
/// <param name="mask">What that one is given; written before each run.</param>
/// <param name="rows">Of the batch.</param>
/// <param name="copied">Whether binding copies an input to a device: then what changed is bound anew before each run.</param>
internal sealed class StepBinding(InferenceSession session, RunOptions options, string maskName, StepMask mask, int rows, bool copied) : IDisposable
{
    private readonly OrtIoBinding binding = session.CreateIoBinding();
    private readonly List<OrtValue> owned = [];
    private readonly List<(string Name, OrtValue Tensor)> inputs = [];
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

    public void Run()
    {
        BindMask();
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

    private void BindMask()
    {
        if (mask.Width == width)
        {
            return;
        }

        var tensor = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, mask.Values, [rows, mask.Width]);
        binding.BindInput(maskName, tensor);
        maskTensor?.Dispose();
        (maskTensor, width) = (tensor, mask.Width);
    }
}
