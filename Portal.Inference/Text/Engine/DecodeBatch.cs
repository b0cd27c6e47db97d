using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Portal.Inference.Text.Answers;

namespace Portal.Inference.Text.Engine;

/// <summary>
/// The answers that a decoder generates together, one per slot. They join and leave between steps (continuous batching). For one thread.
/// </summary>
/// <param name="modelId">Named in failures.</param>
/// <param name="decoder">Its slots are this batch's.</param>
/// <param name="stepMax">As <see cref="PromptPace"/> takes it.</param>
/// <param name="clock">Times the reading of prompts.</param>
/// <param name="together">Whether prompts that wait side by side are read in one run; else each by itself.</param>
internal sealed class DecodeBatch(string modelId, Decoder decoder, TimeSpan stepMax, TimeProvider clock, bool together = true)
{
    private readonly Answer?[] slots = new Answer?[decoder.Slots];
    private readonly int[] tokens = new int[decoder.Slots];
    private readonly int[] held = new int[decoder.Slots];
    private readonly List<int> generating = [];
    private readonly List<int> fresh = [];
    private readonly List<int> lengths = [];
    private readonly PromptPace pace = new(stepMax, decoder.ChunkMax);
    private int lastRead = -1;
    private int read;
    private TimeSpan readTime;
    private TimeSpan lastTime;

    /// <summary>May be read by any thread.</summary>
    public int Active => slots.Count(answer => answer is not null);

    /// <summary>Whether another chunk, if it takes as long as the last one, fits before the next token.</summary>
    private bool MayRead => read < pace.Tokens && readTime + lastTime <= pace.StepMax;

    /// <summary>Takes the lowest free slot, which keeps the busy ones close together.</summary>
    public void Add(Answer answer) => slots[Array.IndexOf(slots, null)] = answer;

    /// <summary>Reads on in the waiting prompts. They take turns, so that a short one does not wait for all of a long one.</summary>
    /// <returns>Whether the pace allows more of it before <see cref="Generate()"/>.</returns>
    public bool Read()
    {
        RemoveEnded();
        if (Array.Exists(slots, answer => answer is not null && answer.PromptRead < answer.Prompt.Length))
        {
            ReadPrompts();
            RemoveEnded();
        }

        return MayRead;
    }

    /// <summary>One token for every answer whose prompt is read.</summary>
    public void Generate()
    {
        if (read > 0)
        {
            pace.Took(read, readTime);
            (read, readTime, lastTime) = (0, TimeSpan.Zero, TimeSpan.Zero);
        }

        GenerateAll();
        RemoveEnded();
    }

    /// <summary>Ends every answer with a failure.</summary>
    public void Fail(Exception failure)
    {
        for (var slot = 0; slot < slots.Length; slot++)
        {
            slots[slot]?.End(failure);
        }

        RemoveEnded();
    }

    private void ReadPrompts()
    {
        if (together)
        {
            ReadTogether();
        }

        for (var i = 0; i < slots.Length && MayRead; i++)
        {
            lastRead = (lastRead + 1) % slots.Length;
            if (slots[lastRead] is { } answer && answer.PromptRead < answer.Prompt.Length)
            {
                var begin = clock.GetTimestamp();
                var chunk = Math.Min(pace.Tokens - read, answer.Prompt.Length - answer.PromptRead);
                ReadPrompt(lastRead, answer, chunk);
                Count(chunk, clock.GetElapsedTime(begin));
            }
        }
    }

    private void Count(int tokens, TimeSpan time) => (read, readTime, lastTime) = (read + tokens, readTime + time, time);

    /// <summary>Whole prompts that wait side by side: the weights are read once for all of them. Not while a longer one is under way, which would wait for ever new ones.</summary>
    private void ReadTogether()
    {
        fresh.Clear();
        lengths.Clear();
        for (var slot = 0; slot < slots.Length; slot++)
        {
            if (slots[slot] is not { } answer || answer.PromptRead == answer.Prompt.Length)
            {
                continue;
            }

            if (answer.PromptRead > 0 || answer.Prompt.Length > pace.Tokens)
            {
                return;
            }

            fresh.Add(slot);
            lengths.Add(answer.Prompt.Length);
        }

        var slotSpan = CollectionsMarshal.AsSpan(fresh);
        var lengthSpan = CollectionsMarshal.AsSpan(lengths);
        for (int first = 0, count; first < fresh.Count; first += count)
        {
            count = decoder.Together(slotSpan[first..], lengthSpan[first..]);
            count = PromptPace.Fitting(lengthSpan.Slice(first, count), pace.Tokens - read);
            if (count > 1)
            {
                ReadTogether(slotSpan.Slice(first, count).ToArray());
            }
        }
    }

    /// <summary>Where it fails, each is left to be tried alone.</summary>
    private void ReadTogether(int[] batch)
    {
        var prompts = Array.ConvertAll(batch, slot => slots[slot]!.Prompt);
        var begin = clock.GetTimestamp();
        IReadOnlyList<int> rows;
        try
        {
            rows = decoder.Prefill(batch, prompts);
        }
        catch (OnnxRuntimeException)
        {
            return;
        }

        // What pads the shorter ones takes its time too.
        Count(batch.Length * prompts.Max(prompt => prompt.Length), clock.GetElapsedTime(begin));
        for (var i = 0; i < batch.Length; i++)
        {
            var answer = slots[batch[i]]!;
            answer.PromptRead = answer.Prompt.Length;
            Accept(answer, decoder.Row(rows[i]));
        }
    }

    private void ReadPrompt(int slot, Answer answer, int count)
    {
        try
        {
            var logits = decoder.Prefill(slot, answer.Prompt.AsSpan(answer.PromptRead, count), answer.PromptRead);
            answer.PromptRead += count;
            if (answer.PromptRead == answer.Prompt.Length)
            {
                Accept(answer, logits);
            }
        }
        catch (OnnxRuntimeException e)
        {
            End(answer, e);
        }
    }

    private void GenerateAll()
    {
        generating.Clear();
        for (var slot = 0; slot < slots.Length; slot++)
        {
            var answer = slots[slot];
            held[slot] = answer?.Held ?? 0;
            if (answer is { Output.Count: > 0 })
            {
                tokens[slot] = answer.Output[^1];
                generating.Add(slot);
            }
            else
            {
                tokens[slot] = 0;
            }
        }

        if (generating.Count > 0)
        {
            foreach (var batch in decoder.Batches(generating, held))
            {
                Generate(batch);
            }
        }
    }

    private void Generate(int[] batch)
    {
        try
        {
            decoder.Step(batch, tokens, held);
        }
        catch (OnnxRuntimeException e)
        {
            GenerateAlone(batch, e);
            return;
        }

        for (var row = 0; row < batch.Length; row++)
        {
            if (slots[batch[row]] is { Output.Count: > 0 } answer)
            {
                Accept(answer, decoder.Row(row));
            }
        }
    }

    /// <summary>A run that failed, for want of memory or for one row's sake, is tried row by row: only who fails alone has failed.</summary>
    private void GenerateAlone(int[] batch, OnnxRuntimeException failure)
    {
        foreach (var slot in batch)
        {
            if (slots[slot] is not { Output.Count: > 0 } answer)
            {
                continue;
            }

            if (batch.Length > 1)
            {
                Generate(decoder.Alone(slot));
            }
            else
            {
                End(answer, failure);
            }
        }
    }

    private void Accept(Answer answer, ReadOnlySpan<float> logits)
    {
        try
        {
            answer.Accept(logits, (long)clock.GetElapsedTime(0).TotalMilliseconds);
        }
        catch (InvalidDataException e)
        {
            End(answer, e);
        }
    }

    private void End(Answer answer, Exception cause) => answer.End(new ModelFailedException(modelId, cause));

    private void RemoveEnded()
    {
        for (var slot = 0; slot < slots.Length; slot++)
        {
            if (slots[slot] is { } answer && (answer.Cancelled || answer.Finished))
            {
                answer.End();
                slots[slot] = null;
                decoder.Free(slot);
            }
        }
    }
}
