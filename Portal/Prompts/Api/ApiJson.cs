using System.Text.Json;
using System.Text.Json.Serialization;

namespace Portal.Prompts.Api;

/// <summary>How the API reads and writes JSON.</summary>
internal static class ApiJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.Strict,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The request's body and what it says. The bytes are what an idempotency key is bound to.</summary>
    public static async Task<Outcome<(T Value, byte[] Body)>> Read<T>(HttpContext http)
        where T : class
    {
        try
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body, http.RequestAborted);
            var bytes = body.ToArray();
            return JsonSerializer.Deserialize<T>(bytes, Options) is { } value ? (value, bytes) : new Refusal("api.json", "$");
        }
        catch (JsonException e)
        {
            return new Refusal("api.json", e.Path ?? "$");
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return new Refusal("api.too-large");
        }
        catch (BadHttpRequestException)
        {
            return new Refusal("api.json", "$");
        }
    }
}
