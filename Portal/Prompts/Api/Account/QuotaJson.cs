using Portal.Data;
using Portal.Usage;

namespace Portal.Prompts.Api.Account;

/// <param name="Unit"><c>tokens</c> or <c>images</c>.</param>
/// <param name="EndsAt">When the part that ends first ends; null: never.</param>
public sealed record QuotaJson(string Unit, long Granted, long Used, long Held, long Left, DateTimeOffset? EndsAt)
{
    public static QuotaJson Of(QuotaState quota) => new(NameOf(quota.Unit), quota.Granted, quota.Used, quota.Held, quota.Left, quota.EndsAt);

    public static string NameOf(Unit unit) => unit == Data.Unit.Images ? "images" : "tokens";
}
