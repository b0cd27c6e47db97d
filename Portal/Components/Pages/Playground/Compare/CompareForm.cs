using Portal.Components.Pages.Playground.Requests;
using Portal.Prompts.Chats;
using Portal.Prompts.Requests;

namespace Portal.Components.Pages.Playground.Compare;

/// <summary>What stands in the fields of a comparison.</summary>
public sealed class CompareForm
{
    public TextForm A { get; } = new();

    public TextForm B { get; } = new();

    /// <summary>B is asked something of its own; otherwise both are asked what A is.</summary>
    public bool OwnPrompt { get; set; }

    public string PromptB => OwnPrompt ? B.Prompt : A.Prompt;

    public TextPrompt RequestA(Guid id) => Request(A, A.Prompt, id);

    public TextPrompt RequestB(Guid id) => Request(B, PromptB, id);

    private static TextPrompt Request(TextForm form, string prompt, Guid id) =>
        form.ToRequest(id, ChatWindow.Fit(form.System, [], prompt, null, form.MaxTokens).Messages);
}
