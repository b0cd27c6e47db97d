using System.Text.Json;
using Portal.Data;
using Portal.Inference;
using Portal.Prompts.Batches;

namespace Portal.Prompts.Api.Account;

/// <summary>
/// <c>POST /api/v1/quote</c>: what a request would reserve, by the hold's own arithmetic. The body is the request's; <c>endpoint</c> says whose when
/// the body does not: messages are a chat's, a picture model's prompt is a picture's, any other prompt is a text's.
/// </summary>
public sealed class QuoteEndpoint(PromptRunner runner, PromptModels models, ApiErrors errors, TimeProvider clock)
{
    public async Task<Outcome<object>> Answer(HttpContext http)
    {
        var read = await ApiJson.Read<JsonDocument>(http);
        if (!read.IsDone(out var refusal))
        {
            return refusal;
        }

        using var body = read.Value.Value;
        if (body.RootElement.ValueKind != JsonValueKind.Object)
        {
            return new Refusal("api.json", "$");
        }

        var asked = http.Request.Query["endpoint"].ToString() is { Length: > 0 } named ? named : EndpointOf(body.RootElement);
        if (!asked.IsDone(out refusal, out var endpoint))
        {
            return refusal;
        }

        var prompt = PromptBody.Read(endpoint, read.Value.Body, Guid.CreateVersion7(clock.GetUtcNow()));
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

    private Outcome<string> EndpointOf(JsonElement body)
    {
        try
        {
            if (!body.TryGetProperty("prompt", out _))
            {
                return BatchEndpoints.Chat;
            }

            var pictures = body.TryGetProperty("model", out var model) && models.All().Any(m => m.Kind == ModelKind.Image && model.ValueKind == JsonValueKind.String && model.ValueEquals(m.Id));
            return pictures ? BatchEndpoints.Images : BatchEndpoints.Completions;
        }
        catch (InvalidOperationException)
        {
            // A JsonElement tells only when it is read that a name or a text is half of a character.
            return new Refusal("api.json", "$");
        }
    }
}
