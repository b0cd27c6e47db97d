using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Portal.Data.Catalog;

namespace Portal.Catalog;

/// <summary>How the catalogue is written as JSON: decimals as plain strings, Chinese as itself; what is not known is refused, never overlooked.</summary>
public static class CatalogJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false), new PlainDecimals() },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LeaveKeysOut } },
    };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    /// <exception cref="JsonException">It is not of that shape.</exception>
    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException("nothing but null", "$", 0, 0);

    /// <summary>A decimal without an exponent, thousands or zeros at its end.</summary>
    public static string Plain(decimal number) => number.ToString("0.############################", CultureInfo.InvariantCulture);

    /// <summary>The rows' keys are the database's, not the catalogue's.</summary>
    private static void LeaveKeysOut(JsonTypeInfo type)
    {
        if (type.Type != typeof(Rate))
        {
            return;
        }

        foreach (var property in type.Properties.Where(p => p.Name is "id" or "rateCardId").ToList())
        {
            type.Properties.Remove(property);
        }
    }

    private sealed class PlainDecimals : JsonConverter<decimal>
    {
        private const NumberStyles Styles = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign;

        public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
        {
            JsonTokenType.Number when reader.TryGetDecimal(out var number) => number,
            JsonTokenType.String when decimal.TryParse(reader.GetString(), Styles, CultureInfo.InvariantCulture, out var number) => number,
            _ => throw new JsonException(),
        };

        public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) => writer.WriteStringValue(Plain(value));
    }
}
