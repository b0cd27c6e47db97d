using Microsoft.ML.OnnxRuntime;
using Portal.Inference.Lanes;
using Portal.Inference.Text.Answers;

namespace Portal.Inference.Text.Engine;

/// <summary>A decoder with its batch and the one thread that drives them, fed from a model's queue.</summary>
internal sealed class TextEngine : IDisposable
{
    private readonly string modelId;
    private readonly Decoder decoder;
    private readonly DecodeBatch batch;
    private readonly LaneQueue<Answer> queue;
    private readonly IReadOnlyList<TextEngine> all;
    private readonly CancellationTokenSource stopping = new();
    private readonly Thread thread;
    private EnginePlaces? places;

    /// <param name="modelId">Named in failures.</param>
    /// <param name="decoder">Belongs to this engine from here on.</param>
    /// <param name="queue">The model's.</param>
    /// <param name="all">Those that serve it, this one among them once it is made.</param>
    /// <param name="stepMax">As <see cref="PromptPace"/> takes it.</param>
    /// <param name="clock">Times the reading of prompts.</param>
    /// <param name="together">As <see cref="DecodeBatch"/> takes it.</param>
    public TextEngine(string modelId, Decoder decoder, LaneQueue<Answer> queue, IReadOnlyList<TextEngine> all, TimeSpan stepMax, TimeProvider clock, bool together)
    {
        (this.modelId, this.decoder, this.queue, this.all) = (modelId, decoder, queue, all);
        batch = new(modelId, decoder, stepMax, clock, together);
        thread = new(Run) { IsBackground = true, Name = $"model {modelId}" };
    }

    public int Active => batch.Active;

    public int Slots => decoder.Slots;

    public long CacheBytes => decoder.CacheBytes;

    /// <summary>Reads a prompt, before <see cref="Start"/>.</summary>
    /// <exception cref="InvalidDataException">The graph cannot.</exception>
    public void WarmUp(int[] prompt)
    {
        try
        {
            decoder.Prefill(0, prompt.AsSpan(0, Math.Min(prompt.Length, decoder.ChunkMax)), 0);
            decoder.Free(0);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidDataException($"The graph cannot read a prompt: {e.Message}", e);
        }
    }

    /// <param name="share">Of the model's places.</param>
    public void Start(EnginePlaces share)
    {
        places = share;
        thread.Start();
    }

    /// <summary>Ends after the step that it is at; its answers fail.</summary>
    public void Stop() => stopping.Cancel();

    public void Dispose()
    {
        Stop();
        if (thread.ThreadState != (ThreadState.Background | ThreadState.Unstarted))
        {
            thread.Join();
        }

        stopping.Dispose();
        decoder.Dispose();
    }

    private void Run()
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                while (Admit() & batch.Read())
                {
                    // Whoever came meanwhile is read before the next token as well.
                    Thread.Yield();
                }

                batch.Generate();

                // Where engines have all processors, those who read answers and ask again would wait for the scheduler's clock, which takes many steps.
                Thread.Yield();
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                // Whatever went wrong belongs to these answers; out of this thread it would end the whole program.
                batch.Fail(new ModelFailedException(modelId, e));
            }
        }

        var stopped = new ModelFailedException(modelId);
        batch.Fail(stopped);
        foreach (var answer in queue.Close())
        {
            answer.End(stopped);
        }
    }

    /// <summary>
    /// Fills free slots from the queue; waits for a request when there is nothing to do. Of several engines each takes one request at a time: the next one
    /// is for whichever has read its prompt first.
    /// </summary>
    /// <returns>Whether there was a request.</returns>
    private bool Admit()
    {
        if (batch.Active == 0)
        {
            queue.Wait(decoder.Slots, places!, stopping.Token);
        }

        var most = all.Count > 1 ? 1 : decoder.Slots;
        var taken = 0;
        // What comes beside others is left to an engine that has nothing to do, and is being woken: two answers are quicker on two processors.
        while (taken < most && (batch.Active == 0 || !IsAnotherIdle()) && queue.TryTake(decoder.Slots - batch.Active, places!, out var answer))
        {
            batch.Add(answer);
            taken++;
        }

        return taken > 0;
    }

    private bool IsAnotherIdle()
    {
        for (var i = 0; i < all.Count; i++)
        {
            if (all[i] != this && all[i].Active == 0)
            {
                return true;
            }
        }

        return false;
    }
}
