using System.Globalization;
using System.Text.Json.Nodes;

namespace Portal.Payments.Sandbox.Wire;

/// <summary>
/// The parameters of one request in Stripe's bracket nesting (<c>line_items[0][price_data][currency]=cny</c>), read by their full path, which is
/// also the name that error messages give. Reading never throws: the first thing wrong is kept in <see cref="Error"/>, and a parameter that
/// nobody read is an error too, as at Stripe.
/// </summary>
public sealed class StripeForm
{
    private const int TextLengthMax = 5000;
    private const int MetadataKeysMax = 50;
    private const int MetadataKeyLengthMax = 40;
    private const int MetadataValueLengthMax = 500;

    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);
    private readonly HashSet<string> read = new(StringComparer.Ordinal);

    public StripeForm(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var appended = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (key, value) in pairs)
        {
            var path = key;
            if (key.EndsWith("[]", StringComparison.Ordinal))
            {
                var next = appended.GetValueOrDefault(key);
                appended[key] = next + 1;
                path = string.Create(CultureInfo.InvariantCulture, $"{key[..^2]}[{next}]");
            }
            values[path] = value;
        }
    }

    public StripeError? Error { get; private set; }

    public static async Task<StripeForm> Read(HttpRequest request, string body)
    {
        var query = request.Query.SelectMany(p => p.Value.Select(v => KeyValuePair.Create(p.Key, v ?? "")));
        if (body.Length == 0) return new StripeForm(query);
        using var reader = new Microsoft.AspNetCore.WebUtilities.FormReader(body);
        var form = await reader.ReadFormAsync(request.HttpContext.RequestAborted);
        return new StripeForm(query.Concat(form.SelectMany(p => p.Value.Select(v => KeyValuePair.Create(p.Key, v ?? "")))));
    }

    public bool Has(string path) => values.ContainsKey(path);

    public bool HasAny(string path) => values.Keys.Any(k => k == path || k.StartsWith(path + "[", StringComparison.Ordinal));

    public string? Text(string path)
    {
        read.Add(path);
        if (!values.TryGetValue(path, out var value)) return null;
        if (value.Length == 0) return Refuse<string?>(StripeError.Empty(path));
        return value.Length > TextLengthMax ? Refuse<string?>(StripeError.TooLong(path, TextLengthMax)) : value;
    }

    public string Required(string path) => Text(path) ?? Refuse(StripeError.Missing(path), "");

    public string? OneOf(string path, params string[] allowed)
    {
        var value = Text(path);
        return value is null || allowed.Contains(value) ? value : Refuse<string?>(StripeError.NotOneOf(path, allowed));
    }

    public long? Whole(string path, long min = long.MinValue, long max = long.MaxValue)
    {
        if (Text(path) is not { } text) return null;
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
            return Refuse<long?>(StripeError.NotAnInteger(path, text));
        if (value < min) return Refuse<long?>(StripeError.TooSmall(path, min));
        return value > max ? Refuse<long?>(StripeError.TooLarge(path, max)) : value;
    }

    public long RequiredWhole(string path, long min, long max) => Whole(path, min, max) ?? Refuse(StripeError.Missing(path), 0L);

    public bool? Flag(string path) => OneOf(path, "true", "false") is { } value ? value == "true" : null;

    /// <summary>An absolute http or https address; null when the parameter is absent.</summary>
    public string? Url(string path)
    {
        if (Text(path) is not { } text) return null;
        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? text
            : Refuse<string?>(StripeError.NotAUrl(path));
    }

    public string Currency(string path)
    {
        var value = Required(path).ToLowerInvariant();
        return value.Length == 3 && value.All(char.IsAsciiLetterLower) || Error is not null ? value : Refuse(StripeError.UnknownCurrency(path, value), value);
    }

    /// <summary>Key and value pairs below <paramref name="path"/>; an empty value unsets its key, as at Stripe.</summary>
    public JsonObject Metadata(string path, JsonObject? existing = null)
    {
        var result = (JsonObject?)existing?.DeepClone() ?? [];
        foreach (var (key, value) in values.Where(p => p.Key.StartsWith(path + "[", StringComparison.Ordinal)))
        {
            read.Add(key);
            var name = key[(path.Length + 1)..^1];
            if (name.Length > MetadataKeyLengthMax) Refuse(StripeError.TooLong(key, MetadataKeyLengthMax), 0);
            if (value.Length > MetadataValueLengthMax) Refuse(StripeError.TooLong(key, MetadataValueLengthMax), 0);
            if (value.Length == 0) result.Remove(name);
            else result[name] = value;
        }
        if (result.Count > MetadataKeysMax) Refuse(StripeError.TooManyKeys(path, MetadataKeysMax), 0);
        return result;
    }

    public IReadOnlyList<string> Texts(string path)
    {
        var result = new List<string>();
        for (var i = 0; Has(Item(path, i)); i++) result.Add(Required(Item(path, i)));
        return result;
    }

    /// <summary>The paths of the members of an array of objects: <c>line_items[0]</c>, <c>line_items[1]</c> and so on.</summary>
    public IReadOnlyList<string> Items(string path)
    {
        var result = new List<string>();
        for (var i = 0; HasAny(Item(path, i)); i++) result.Add(Item(path, i));
        return result;
    }

    /// <summary>Keeps what a resource finds wrong with the values that it read.</summary>
    public void Reject(StripeError error) => Error ??= error;

    /// <summary>Call after the last read: names what is wrong, an unread parameter included.</summary>
    public StripeError? Complete()
    {
        if (Error is not null) return Error;
        var unknown = values.Keys.Where(k => !read.Contains(k)).Order(StringComparer.Ordinal).ToList();
        return unknown.Count == 0 ? null : StripeError.Unknown(unknown);
    }

    private static string Item(string path, int index) => string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]");

    private T? Refuse<T>(StripeError error) => Refuse<T?>(error, default);

    private T Refuse<T>(StripeError error, T instead)
    {
        Error ??= error;
        return instead;
    }
}
