namespace Portal.Prompts.Cache;

/// <summary>The configuration section <c>Prompts:Cache</c>.</summary>
public sealed class CacheOptions
{
    public const string Section = "Prompts:Cache";

    /// <summary>Hours for which an answer is given again, from 1 to 720.</summary>
    public int Hours { get; set; } = 24;

    /// <summary>Answers kept of an account, from 1 to 100,000; beyond it the oldest go.</summary>
    public int AnswersMax { get; set; } = 1_000;

    /// <summary>Of one answer, in characters, from 1; a longer one is not kept.</summary>
    public int CharactersMax { get; set; } = 50_000;
}
