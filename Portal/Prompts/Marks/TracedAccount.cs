namespace Portal.Prompts.Marks;

public sealed record TracedAccount(Guid Id, string Name);
