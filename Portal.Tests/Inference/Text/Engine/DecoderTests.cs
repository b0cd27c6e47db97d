using Portal.Tests.Benchmarks;

namespace Portal.Tests.Inference.Text.Engine;

public sealed class DecoderTests
{
    [Fact]
    public void However_many_ranges_of_slots_take_turns_they_share_one_mask_and_answer_as_before()
    {
        const int slots = 24, context = 1024;
        using var scene = DecoderScene.Llama(LlamaShape.Tiny with { Context = context }, slots);
        var (tokens, held) = (Enumerable.Range(1, slots).ToArray(), Enumerable.Repeat(context - 24, slots).ToArray());
        var ranges = Enumerable.Range(0, slots).SelectMany(first => Enumerable.Range(1, slots - first).Select(count => Enumerable.Range(first, count).ToArray())).ToList();
        Assert.Equal(300, ranges.Count);
        var before = Logits(ranges[0]);

        var allocated = GC.GetAllocatedBytesForCurrentThread();
        ranges.ForEach(range => scene.Decoder.Step(range, tokens, held));
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;

        Assert.InRange(allocated, 0, ranges.Sum(range => range.Length) * context * sizeof(long) / 4);
        Assert.Equal(before, Logits(ranges[0]));

        float[] Logits(int[] range)
        {
            scene.Decoder.Step(range, tokens, held);
            return scene.Decoder.Row(0).ToArray();
        }
    }
}
