namespace Portal.Tests.Benchmarks;

/// <summary>The measures of a llama-shaped decoder.</summary>
/// <param name="Grouped">With GroupQueryAttention in one cache buffer; else of ordinary operators, with a cache that grows.</param>
/// <param name="HalfCache">Float16 for the cache and the logits; of ordinary operators only.</param>
internal sealed record LlamaShape(
    int Layers, int Hidden, int Heads, int KeyValueHeads, int HeadSize, int FeedForward, int Vocabulary, int Context, bool Grouped = true, bool HalfCache = false)
{
    /// <summary>As the common 0.5 B models are: 494 million weights.</summary>
    public static LlamaShape HalfBillion { get; } = new(24, 896, 14, 2, 64, 4864, 151_936, 2048);

    /// <summary>Small enough for a test; the shipped tokenizer's vocabulary.</summary>
    public static LlamaShape Tiny { get; } = new(2, 32, 4, 2, 16, 48, 2048, 128);
}
