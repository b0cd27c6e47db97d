using Portal.Components.Pages.Playground.Answers;
using Portal.Prompts.Requests;

namespace Portal.Components.Pages.Playground.Images;

/// <summary>Pictures that were asked for together.</summary>
public sealed record Drawing(ImagePrompt Request, Answer Answer);
