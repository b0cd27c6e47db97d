using Portal.Billing.Ledger;
using Portal.Prompts.Answers;

namespace Portal.Prompts.Chats;

public sealed record ChatSummary(Guid Id, string Title, DateTimeOffset UpdatedAt);

/// <param name="System">What the model is told before the first turn; empty: nothing.</param>
/// <param name="Turns">Oldest first.</param>
public sealed record ChatView(Guid Id, string Title, string System, IReadOnlyList<KeptTurn> Turns);

/// <param name="Id">The request's.</param>
/// <param name="First">Until the first piece of the answer.</param>
/// <param name="Total">Until the last one.</param>
/// <param name="Receipt">Of its charge; null when it is not known. Not read by <see cref="ChatDesk.Keep"/>: the usage record has it.</param>
public sealed record KeptTurn(
    Guid Id, DateTimeOffset At, string Model, string Prompt, string Answer, PromptFinish Finish, TimeSpan First, TimeSpan Total, Receipt? Receipt = null);
