using System.Text.Json;
using Portal.Data;
using Portal.Inference;
using Portal.Prompts.Api.Text;
using Portal.Prompts.Requests;

namespace Portal.Prompts.Api.Account;

/// <summary>
/// <c>POST /api/v1/quote</c>: what a request would reserve, by the hold's own arithmetic. The body is the request's; <c>endpoint</c> says whose when
/// the body does not: messages are a chat's, a picture model's prompt is a picture's, any other prompt is a text's.
/// </summary>
public sealed class QuoteEndpoint(PromptRunner runner, PromptModels models, ApiErrors errors, TimeProvider clock)
{
    private const string Chat = "/v1/chat/completions";
    private const string Text = "/v1/completions";
    private const string Images = "/v1/images/generations";

    public async Task<Outcome<object>> Answer(HttpContext http)
    {
        var read = await ApiJson.Read<JsonDocument>(http);
        if (!read.IsDone(out var refusal, out var sent))
        {
            return refusal;
        }

        using var body = sent.Value;
        if (body.RootElement.ValueKind != JsonValueKind.Object)
        {
            return new Refusal("api.json", "$");
        }

        var asked = http.Request.Query["endpoint"].ToString() is { Length: > 0 } named ? named : EndpointOf(body.RootElement);
        if (!asked.IsDone(out refusal, out var endpoint))
        {
            return refusal;
        }

        var prompt = Read(endpoint, body.RootElement, Guid.CreateVersion7(clock.GetUtcNow()));
        if (!prompt.IsDone(out refusal, out var request))
        {
            return refusal;
        }

        var previewed = await runner.Preview(ApiKeyHandler.CallerOf(http), request, http.RequestAborted);
        return previewed.IsDone(out refusal, out var preview) ? Json(endpoint, preview) : refusal;
    }

    private QuoteJson Json(string endpoint, PromptPreview preview)
    {
        var quote = preview.Quote;
        var covered = quote.Parts.Where(p => p.Unit != Unit.Money).Sum(p => p.Amount);
        var usage = quote.WorstCase;
        return new QuoteJson(
            "quote", endpoint, quote.Terms.Model, MoneyJson.Currency, MoneyJson.Of(quote.Price.AmountNanos), MoneyJson.Of(quote.Price.ListNanos), covered, usage.InputTokens,
            preview.MaxTokens, usage.Images, preview.Missing is null, preview.Missing is { } missing ? errors.Sentence(missing) : null);
    }

    private static Outcome<PromptRequest> Read(string endpoint, JsonElement body, Guid id)
    {
        try
        {
            return endpoint switch
            {
                Chat => Widen(ITextCall.Read(body.Deserialize<ChatCompletionRequest>(ApiJson.Options)!, id)),
                Text => Widen(ITextCall.Read(body.Deserialize<CompletionRequest>(ApiJson.Options)!, id)),
                Images => Widen(body.Deserialize<ImageGenerationRequest>(ApiJson.Options)!.ToPrompt(id)),
                _ => new Refusal("api.unsupported", "endpoint"),
            };
        }
        catch (JsonException e)
        {
            return new Refusal("api.json", e.Path ?? "$");
        }
    }

    private static Outcome<PromptRequest> Widen<T>(Outcome<T> prompt)
        where T : PromptRequest => prompt.IsDone(out var refusal, out var done) ? done : refusal;

    private Outcome<string> EndpointOf(JsonElement body)
    {
        try
        {
            if (!body.TryGetProperty("prompt", out _))
            {
                return Chat;
            }

            var pictures = body.TryGetProperty("model", out var model) && models.All().Any(m => m.Kind == ModelKind.Image && model.ValueKind == JsonValueKind.String && model.ValueEquals(m.Id));
            return pictures ? Images : Text;
        }
        catch (InvalidOperationException)
        {
            // A JsonElement tells only when it is read that a name or a text is half of a character.
            return new Refusal("api.json", "$");
        }
    }
}
