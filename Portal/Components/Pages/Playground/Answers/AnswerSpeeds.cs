using System.Collections.Concurrent;

namespace Portal.Components.Pages.Playground.Answers;

/// <summary>How fast the models answered on the playground lately, for everybody, since the portal started.</summary>
public sealed class AnswerSpeeds
{
    private const int AnswersMax = 20;

    private readonly ConcurrentDictionary<string, Queue<double>> models = new(StringComparer.Ordinal);

    /// <param name="speed">Tokens a second of one answer.</param>
    public void Add(string model, double speed)
    {
        var lately = models.GetOrAdd(model, _ => new());
        lock (lately)
        {
            lately.Enqueue(speed);
            if (lately.Count > AnswersMax) lately.Dequeue();
        }
    }

    /// <returns>The median in tokens a second; null while nothing was answered.</returns>
    public double? Of(string model)
    {
        if (!models.TryGetValue(model, out var lately)) return null;
        lock (lately)
        {
            return lately.Order().ElementAt(lately.Count / 2);
        }
    }
}
