using Portal.Prompts.Requests;

namespace Portal.Prompts.Api.Text;

/// <summary>The body of a request that is answered with text.</summary>
public interface ITextCall
{
    bool Streams { get; }

    bool IncludesUsage { get; }

    Outcome<TextPrompt> ToPrompt(Guid id);

    /// <summary>How the answer is written.</summary>
    TextReply Reply(Guid id, long created);

    /// <summary>The prompt of a call whose fields may hold anything.</summary>
    static Outcome<TextPrompt> Read(ITextCall call, Guid id)
    {
        try
        {
            return call.ToPrompt(id);
        }
        catch (InvalidOperationException)
        {
            // A JsonElement tells only when it is read that its text is half of a character, or that it is no text at all.
            return new Refusal("api.json", "$");
        }
    }
}
