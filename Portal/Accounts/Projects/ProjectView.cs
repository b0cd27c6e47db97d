namespace Portal.Accounts.Projects;

/// <summary>A project that usage and keys are booked under.</summary>
/// <param name="Keys">In use, whoever owns them.</param>
/// <param name="CacheAnswers">Whether prompts under it may get earlier answers again.</param>
/// <param name="First">The oldest in use: what is asked in the browser is booked under it.</param>
public sealed record ProjectView(Guid Id, string Name, int Keys, bool First, bool CacheAnswers = false);
