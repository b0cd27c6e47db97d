using System.Text.Json;
using System.Text.Json.Serialization;
using Portal.Catalog;

namespace Portal.Billing.Ledger;

/// <summary>How quotes, receipts and outcomes are stored: generated code, because every charge writes two of them.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(HoldQuote))]
[JsonSerializable(typeof(Receipt))]
[JsonSerializable(typeof(LedgerResult))]
[JsonSerializable(typeof(PriceTerms))]
internal sealed partial class LedgerJson : JsonSerializerContext
{
    public static string Write(HoldQuote quote) => JsonSerializer.Serialize(quote, Default.HoldQuote);

    public static string Write(Receipt receipt) => JsonSerializer.Serialize(receipt, Default.Receipt);

    public static string Write(LedgerResult result) => JsonSerializer.Serialize(result, Default.LedgerResult);

    public static string Write(PriceTerms terms) => JsonSerializer.Serialize(terms, Default.PriceTerms);

    public static HoldQuote ReadQuote(string json) => JsonSerializer.Deserialize(json, Default.HoldQuote)!;

    public static PriceTerms ReadTerms(string json) => JsonSerializer.Deserialize(json, Default.PriceTerms)!;

    public static Receipt ReadReceipt(string json) => JsonSerializer.Deserialize(json, Default.Receipt)!;

    public static LedgerResult ReadResult(string json) => JsonSerializer.Deserialize(json, Default.LedgerResult)!;
}
