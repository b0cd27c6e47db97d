using System.Text.RegularExpressions;
using Portal.Inference.Text;

namespace Portal.Prompts.Advice;

/// <summary>Shorter prompts that ask the same, or nearly so.</summary>
public static partial class PromptTrims
{
    /// <summary>Turns before the last message that stay: a prompt and its answer each.</summary>
    public const int TurnsKept = 3;

    private const string System = "system";

    /// <summary>Each way to shorten a conversation, taken alone; those that change nothing are left out.</summary>
    public static IReadOnlyDictionary<AdviceKind, IReadOnlyList<ChatMessage>> Of(IReadOnlyList<ChatMessage> messages)
    {
        var ways = new Dictionary<AdviceKind, IReadOnlyList<ChatMessage>>
        {
            [AdviceKind.Blanks] = [.. messages.Select(m => m with { Content = Tidy(m.Content) })],
            [AdviceKind.RepeatedInstructions] = [.. messages.Where((m, at) => m.Role != System || messages.Take(at).All(earlier => earlier != m))],
            [AdviceKind.OldTurns] = Recent(messages),
        };
        return ways.Where(way => !way.Value.SequenceEqual(messages)).ToDictionary();
    }

    private static string Tidy(string text) => EmptyLines().Replace(LineEnds().Replace(Blanks().Replace(text, " "), "\n"), "\n\n").Trim();

    /// <summary>The instructions and the last turns, from somebody's prompt on.</summary>
    private static List<ChatMessage> Recent(IReadOnlyList<ChatMessage> messages)
    {
        var turns = messages.Select((m, at) => (m.Role, at)).Where(m => m.Role == "user").Select(m => m.at).ToList();
        var first = turns.Count > TurnsKept + 1 ? turns[^(TurnsKept + 1)] : 0;
        return [.. messages.Where((m, at) => at >= first || m.Role == System)];
    }

    [GeneratedRegex(@"[ \t]{2,}")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"[ \t]+\n")]
    private static partial Regex LineEnds();

    [GeneratedRegex(@"\n{3,}")]
    private static partial Regex EmptyLines();
}
