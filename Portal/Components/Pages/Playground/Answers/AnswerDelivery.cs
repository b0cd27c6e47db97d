using Portal.Prompts;
using Portal.Prompts.Advice;
using Portal.Prompts.Answers;
using Portal.Prompts.Api.Rates;
using Portal.Prompts.Requests;

namespace Portal.Components.Pages.Playground.Answers;

/// <summary>Sends a prompt and brings its answer to the page that called, in that page's context.</summary>
public sealed class AnswerDelivery(PromptRunner runner, PromptAdvice advice, RequestRates rates, AnswerSpeeds speeds, PlaygroundScript script, TimeProvider clock)
{
    /// <summary>Twenty-five pictures a second: what comes faster is drawn together.</summary>
    public static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(40);

    /// <summary>Ends when the charge is known. The page may be gone by then: <paramref name="stop"/> ends the model, not this.</summary>
    /// <param name="started">Called once it is paid for and runs.</param>
    /// <returns>Why it was not started; null when it was.</returns>
    public async Task<Refusal?> Send(Caller caller, PromptRequest request, Answer answer, Func<Task> started, CancellationToken stop)
    {
        var clicked = clock.GetTimestamp();
        if (!(await Start(caller, request, stop)).IsDone(out var refusal, out var running)) return refusal;

        // Read from the first piece on, whatever the page does meanwhile.
        var reading = Read(running, answer, clicked);
        try
        {
            await started();
            var drawn = 0;
            while (!reading.IsCompleted)
            {
                await Task.WhenAny(reading, Task.Delay(Frame, clock, CancellationToken.None));
                if (drawn == answer.Version) continue;
                drawn = answer.Version;
                answer.Draw();
            }

            await reading;
        }
        finally
        {
            // It runs and is charged whatever became of the reading: its end must be told.
            answer.Deliver();
            answer.Draw();
            answer.End(await running.Completion);
            if (answer.Speed is { } speed) speeds.Add(running.Model, speed);
            answer.Draw();
        }

        if (request is TextPrompt prompt && answer.Receipt is { } receipt
            && (await advice.For(caller, prompt, (int)receipt.Usage.OutputTokens, CancellationToken.None)).IsDone(out _, out var shorter) && shorter.Count > 0)
        {
            answer.Advise(shorter[0]);
            answer.Draw();
        }

        return null;
    }

    private async Task<Outcome<PromptRun>> Start(Caller caller, PromptRequest request, CancellationToken stop)
    {
        if (rates.Take(RateRule.Prompts, caller.PersonId.ToString()) is { } tooOften) return tooOften;
        try
        {
            return await runner.Start(caller, request, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Before it was paid for: nothing is held and nothing runs.
            return new Refusal("prompt.stopped");
        }
    }

    // As they come, so that their times are told; they are drawn at the frame's pace.
    private async Task Read(PromptRun run, Answer answer, long clicked)
    {
        await foreach (var update in run.Updates.ReadAllAsync())
        {
            var since = clock.GetElapsedTime(clicked);
            answer.Add(update, since, update.Png is { } png ? await script.Keep(png) : null);
        }
    }
}
