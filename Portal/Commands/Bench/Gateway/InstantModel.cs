using System.Runtime.CompilerServices;
using Portal.Inference.Text;

namespace Portal.Commands.Bench.Gateway;

/// <summary>Answers at once with a word: whatever time a request takes is not the model's.</summary>
internal sealed class InstantModel : ITextModel
{
    public const string Name = "guide";

    public string Id => Name;

    public string Version => "1";

    public int ContextLength => 4096;

    public int CountTokens(IReadOnlyList<ChatMessage> messages) => messages.Sum(m => m.Content.Length / 4) + 1;

    public async IAsyncEnumerable<TextDelta> Generate(TextRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask;
        yield return new TextDelta("Yes.", new TextUsage(CountTokens(request.Messages), 2), FinishReason.Stop, []);
    }
}
