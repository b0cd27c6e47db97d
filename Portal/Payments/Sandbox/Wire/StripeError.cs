using System.Globalization;
using System.Text.Json.Nodes;

namespace Portal.Payments.Sandbox.Wire;

/// <summary>What is wrong with a request, in the words and with the codes that Stripe's API answers with.</summary>
/// <param name="Status">HTTP status: 400, 401, 402 (declined), 404, 409, 429 or 503.</param>
public sealed record StripeError(int Status, string Type, string Message, string? Code = null, string? Param = null, string? DeclineCode = null)
{
    private const string InvalidRequest = "invalid_request_error";

    /// <summary>The charge, intent or method that a decline left behind; copied into the error object.</summary>
    public IReadOnlyDictionary<string, JsonNode?> Attached { get; init; } = new Dictionary<string, JsonNode?>();

    public static StripeError Invalid(string message, string? param = null, string? code = null) => new(400, InvalidRequest, message, code, param);

    public static StripeError Missing(string param) => Invalid($"Missing required param: {param}.", param, "parameter_missing");

    public static StripeError Empty(string param) => Invalid(
        $"You passed an empty string for '{param}'. Remove '{param}' from the request or give it a value.", param, "parameter_invalid_empty");

    public static StripeError TooLong(string param, int max) => Invalid(
        string.Create(CultureInfo.InvariantCulture, $"Invalid string: '{param}' must be at most {max} characters."), param, "parameter_invalid_string_length");

    public static StripeError TooManyKeys(string param, int max) => Invalid(
        string.Create(CultureInfo.InvariantCulture, $"'{param}' can hold at most {max} keys."), param, "metadata_too_many_keys");

    public static StripeError NotOneOf(string param, IEnumerable<string> allowed) => Invalid($"Invalid {param}: must be one of {string.Join(", ", allowed)}", param);

    public static StripeError NotAnInteger(string param, string value) => Invalid($"Invalid integer: {value}", param, "parameter_invalid_integer");

    public static StripeError TooSmall(string param, long min) => Invalid(
        string.Create(CultureInfo.InvariantCulture, $"This value must be greater than or equal to {min}."), param, "parameter_invalid_integer");

    public static StripeError TooLarge(string param, long max) => Invalid(
        string.Create(CultureInfo.InvariantCulture, $"This value must be less than or equal to {max}."), param, "parameter_invalid_integer");

    public static StripeError NotAUrl(string param) => Invalid("Not a valid URL", param, "url_invalid");

    public static StripeError UnknownCurrency(string param, string value) => Invalid($"Invalid currency: {value}.", param);

    public static StripeError Unknown(IReadOnlyList<string> parameters) => Invalid(
        $"Received unknown parameter{(parameters.Count > 1 ? "s" : "")}: {string.Join(", ", parameters)}", parameters[0], "parameter_unknown");

    public static StripeError NoSuch(string what, string id, string param) =>
        new(404, InvalidRequest, $"No such {what}: '{id}'", "resource_missing", param);

    public static StripeError NoSuchUrl(string method, string path) =>
        new(404, InvalidRequest, $"Unrecognized request URL ({method}: {path}).");

    public static StripeError NoKey() => new(401, InvalidRequest,
        "You did not provide an API key. Send it in the Authorization header, using Bearer auth (for example, 'Authorization: Bearer YOUR_SECRET_KEY').");

    /// <param name="key">Only its first and last characters are repeated.</param>
    public static StripeError WrongKey(string key) => new(401, InvalidRequest,
        $"Invalid API Key provided: {(key.Length > 12 ? key[..8] + new string('*', key.Length - 12) + key[^4..] : new string('*', key.Length))}");

    public static StripeError OtherBody(string key) => new(400, "idempotency_error",
        $"Keys for idempotent requests can only be used with the same parameters they were first used with. Use a key other than '{key}' for a different request.");

    public static StripeError Busy() => new(429, InvalidRequest,
        "This object cannot be accessed right now because another request is accessing it. Try again.", "lock_timeout");

    public static StripeError Down() => new(503, "api_error", "The sandbox was told to be unavailable.");

    public static StripeError Declined(string code, string? declineCode, string message, string? param = null) => new(402, "card_error", message, code, param, declineCode);

    public JsonObject ToJson()
    {
        var error = new JsonObject { ["message"] = Message, ["type"] = Type };
        if (Code is not null)
        {
            error["code"] = Code;
            error["doc_url"] = "https://stripe.com/docs/error-codes/" + Code.Replace('_', '-');
        }
        if (DeclineCode is not null) error["decline_code"] = DeclineCode;
        if (Param is not null) error["param"] = Param;
        foreach (var (name, value) in Attached) error[name] = value?.DeepClone();
        return new JsonObject { ["error"] = error };
    }
}
