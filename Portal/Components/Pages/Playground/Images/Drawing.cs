using Portal.Components.Pages.Playground.Answers;
using Portal.Prompts.Requests;

namespace Portal.Components.Pages.Playground.Images;

/// <summary>Pictures that were asked for together.</summary>
/// <param name="Request">With its seed, so that the same pictures can be drawn again.</param>
public sealed record Drawing(ImagePrompt Request, Answer Answer)
{
    /// <param name="index">From 0.</param>
    public int SeedOf(int index) => unchecked(Request.Seed!.Value + index);
}
