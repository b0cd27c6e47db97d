using System.Text.Json.Serialization;

namespace Portal.Prompts.Api.Account;

/// <summary>A page of groups, and the total of all of them.</summary>
/// <param name="GroupBy"><c>day</c>, <c>model</c> or <c>project</c>.</param>
/// <param name="To">Exclusive.</param>
/// <param name="TimeZone">In which the days are cut.</param>
public sealed record UsageListJson(
    [property: JsonPropertyName("object")] string Kind, IReadOnlyList<UsageJson> Data, int Page, int Limit, int Count, bool HasMore, string GroupBy, DateTimeOffset From, DateTimeOffset To,
    string TimeZone, string Currency, UsageJson Total)
{
    internal UsageListJson(PageJson<UsageJson> page, string groupBy, DateTimeOffset from, DateTimeOffset to, string timeZone, string currency, UsageJson total)
        : this(page.Kind, page.Data, page.Page, page.Limit, page.Total, page.HasMore, groupBy, from, to, timeZone, currency, total)
    {
    }
}
