using Portal.Inference.Text;
using Portal.Prompts.Requests;

namespace Portal.Components.Pages.Playground.Requests;

/// <summary>What stands in the fields of a text request.</summary>
public sealed class TextForm
{
    public const int MaxTokensDefault = 256;

    public string Prompt { get; set; } = "";

    public string? Model { get; set; }

    public string System { get; set; } = "";

    public int MaxTokens { get; set; } = MaxTokensDefault;

    public decimal Temperature { get; set; }

    public decimal TopP { get; set; } = 1;

    public decimal FrequencyPenalty { get; set; }

    public decimal PresencePenalty { get; set; }

    public long? Seed { get; set; }

    /// <summary>Strings that end the answer, one a line.</summary>
    public string Stop { get; set; } = "";

    public IReadOnlyList<string> Stops => Stop.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>How many parameters are not as they were.</summary>
    public int Changed => new[]
    {
        System.Length > 0, MaxTokens != MaxTokensDefault, Temperature != 0, TopP != 1, FrequencyPenalty != 0, PresencePenalty != 0, Seed is not null, Stops.Count > 0,
    }.Count(changed => changed);

    /// <summary>All but the system prompt, which is one of the <paramref name="messages"/>.</summary>
    public TextPrompt ToRequest(Guid id, IReadOnlyList<ChatMessage> messages) => new(id, Model ?? "", messages, MaxTokens)
    {
        Sampling = new Sampling
        {
            Temperature = (float)Temperature, TopP = (float)TopP, FrequencyPenalty = (float)FrequencyPenalty, PresencePenalty = (float)PresencePenalty, Seed = Seed,
        },
        Stop = Stops,
    };
}
