namespace Portal.Inference.Text;

/// <summary>
/// The answers that a decoder generates together, one per slot. They join and leave between steps (continuous batching). For one thread.
/// </summary>
internal sealed class DecodeBatch(Decoder decoder)
{
    private readonly Answer?[] slots = new Answer?[decoder.Slots];

    public int Active => slots.Count(answer => answer is not null);

    /// <summary>Takes the lowest free slot, which keeps the busy ones close together.</summary>
    public void Add(Answer answer) => slots[Array.IndexOf(slots, null)] = answer;

    /// <summary>Reads a chunk of one waiting prompt, then generates one token for every answer whose prompt is read.</summary>
    public void Step()
    {
        RemoveEnded();
        var reading = Array.FindIndex(slots, answer => answer is not null && answer.PromptRead < answer.Prompt.Length);
        if (reading >= 0)
        {
            ReadPrompt(reading, slots[reading]!);
            RemoveEnded();
        }

        Generate();
        RemoveEnded();
    }

    /// <summary>Ends every answer with a failure.</summary>
    public void Fail(Exception failure)
    {
        foreach (var answer in slots)
        {
            answer?.End(failure);
        }

        Array.Clear(slots);
    }

    private void ReadPrompt(int slot, Answer answer)
    {
        var chunk = answer.Prompt.AsSpan(answer.PromptRead);
        chunk = chunk[..Math.Min(chunk.Length, Decoder.ChunkMax)];
        var logits = decoder.Prefill(slot, chunk, answer.PromptRead);
        answer.PromptRead += chunk.Length;
        if (answer.PromptRead == answer.Prompt.Length)
        {
            answer.Accept(logits);
        }
    }

    private void Generate()
    {
        var first = Array.FindIndex(slots, IsGenerating);
        if (first < 0)
        {
            return;
        }

        var count = Array.FindLastIndex(slots, IsGenerating) - first + 1;
        Span<int> tokens = stackalloc int[count];
        Span<int> held = stackalloc int[count];
        for (var row = 0; row < count; row++)
        {
            var answer = slots[first + row];
            tokens[row] = IsGenerating(answer) ? answer!.Output[^1] : 0;
            held[row] = answer?.Held ?? 0;
        }

        decoder.Step(first, tokens, held);
        for (var row = 0; row < count; row++)
        {
            if (IsGenerating(slots[first + row]))
            {
                slots[first + row]!.Accept(decoder.Row(row));
            }
        }
    }

    private static bool IsGenerating(Answer? answer) => answer is { Output.Count: > 0 };

    private void RemoveEnded()
    {
        for (var slot = 0; slot < slots.Length; slot++)
        {
            if (slots[slot] is { } answer && (answer.Cancelled || answer.Finished))
            {
                answer.End();
                slots[slot] = null;
            }
        }
    }
}
