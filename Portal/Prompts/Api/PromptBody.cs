using System.Text.Json;
using Portal.Prompts.Api.Text;
using Portal.Prompts.Batches;
using Portal.Prompts.Requests;

namespace Portal.Prompts.Api;

/// <summary>The body of any of the prompt endpoints as the prompt that it asks for.</summary>
internal static class PromptBody
{
    /// <param name="endpoint">One of <see cref="BatchEndpoints.All"/>.</param>
    /// <param name="json">An object.</param>
    public static Outcome<PromptRequest> Read(string endpoint, byte[] json, Guid id)
    {
        try
        {
            return endpoint switch
            {
                BatchEndpoints.Chat => Text<ChatCompletionRequest>(json, id),
                BatchEndpoints.Completions => Text<CompletionRequest>(json, id),
                BatchEndpoints.Images => JsonSerializer.Deserialize<ImageGenerationRequest>(json, ApiJson.Options)!.ToPrompt(id).Then<PromptRequest>(prompt => prompt),
                _ => new Refusal("api.unsupported", "endpoint"),
            };
        }
        catch (JsonException e)
        {
            return new Refusal("api.json", e.Path ?? "$");
        }
    }

    private static Outcome<PromptRequest> Text<TCall>(byte[] json, Guid id)
        where TCall : ITextCall => ITextCall.Read(JsonSerializer.Deserialize<TCall>(json, ApiJson.Options)!, id).Then<PromptRequest>(prompt => prompt);
}
