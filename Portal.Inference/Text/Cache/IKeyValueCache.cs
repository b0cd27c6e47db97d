using Microsoft.ML.OnnxRuntime;

namespace Portal.Inference.Text.Cache;

/// <summary>The keys and values of what each slot has read. For one thread.</summary>
internal interface IKeyValueCache : IDisposable
{
    int Slots { get; }

    /// <summary>Divides slots into batches, each for one run. Slots that were not asked for may lie in a batch; they run idle.</summary>
    /// <param name="slots">Those that take part, ascending.</param>
    /// <param name="held">Positions that each slot holds, by slot.</param>
    IReadOnlyList<int[]> Batches(IReadOnlyList<int> slots, ReadOnlySpan<int> held);

    /// <summary>How many of the slots, from the first on, can be one run that reads their whole prompts.</summary>
    /// <param name="slots">Those that hold nothing yet, ascending; at least one.</param>
    /// <param name="lengths">Of their prompts.</param>
    int Together(ReadOnlySpan<int> slots, ReadOnlySpan<int> lengths);

    /// <summary>The tensors of one run, in the order of the configuration's names. Without <see cref="Keep"/> it has not happened.</summary>
    /// <param name="batch">One slot, or one of <see cref="Batches"/>.</param>
    /// <param name="held">Positions that the batch's first slot holds.</param>
    /// <param name="added">Positions that the run adds to each.</param>
    (IReadOnlyList<OrtValue> Past, IReadOnlyList<OrtValue> Present) Begin(int[] batch, int held, int added);

    /// <summary>The run that began last has succeeded.</summary>
    void Keep();

    /// <summary>Nobody asks for what the slot holds any more.</summary>
    void Free(int slot);

    /// <summary>Makes a slot hold this many positions, of anything: to try a length without reading so much.</summary>
    void Pretend(int slot, int held);
}
