using System.Text.Json.Serialization;

namespace Portal.Prompts.Api.Account;

/// <param name="Kind"><c>balance</c>.</param>
/// <param name="Spendable">What is not reserved by running prompts; null for a member who draws on a seat.</param>
/// <param name="Held">What running prompts have reserved.</param>
/// <param name="Quotas">Allowances, pools and seats, one entry a unit.</param>
public sealed record BalanceJson([property: JsonPropertyName("object")] string Kind, string Currency, MoneyJson? Spendable, MoneyJson? Held, IReadOnlyList<QuotaJson> Quotas);
