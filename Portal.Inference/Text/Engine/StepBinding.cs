using Microsoft.ML.OnnxRuntime;

namespace Portal.Inference.Text.Engine;

/// <summary>The tensors of a decode step that are the same at every step, bound once. For one thread.</summary>
internal sealed class StepBinding(InferenceSession session) : IDisposable
{
    private readonly OrtIoBinding binding = session.CreateIoBinding();
    private readonly List<OrtValue> owned = [];

    /// <param name="tensor">Belongs to the binding from here on; what lies behind it is read at each run.</param>
    public void Input(string name, OrtValue tensor)
    {
        owned.Add(tensor);
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

    /// <param name="changing">The one tensor that has another shape at each step.</param>
    public void Run(InferenceSession session, RunOptions options, string changingName, OrtValue changing)
    {
        binding.BindInput(changingName, changing);
        session.RunWithBinding(options, binding);
    }

    public void Dispose()
    {
        binding.Dispose();
        foreach (var tensor in owned)
        {
            tensor.Dispose();
        }
    }
}
