namespace Portal.Prompts.Api.Text;

/// <param name="IncludeUsage">Whether a stream's last object tells the usage.</param>
public sealed record StreamOptions(bool? IncludeUsage);
