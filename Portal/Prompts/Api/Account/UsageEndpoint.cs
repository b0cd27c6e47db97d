using System.Globalization;
using Portal.Usage;

namespace Portal.Prompts.Api.Account;

/// <summary>
/// <c>GET /api/v1/usage</c>: <c>range</c> is 7d, 14d, 30d, 90d or period, <c>group_by</c> is day, model or project, <c>model</c> is one model only;
/// <c>page</c> and <c>limit</c>.
/// </summary>
public sealed class UsageEndpoint(UsageReport usage, ProjectUsage projects)
{
    public async Task<Outcome<object>> Answer(HttpContext http)
    {
        var query = http.Request.Query;
        if (RangeOf(query["range"].ToString()) is not { } range)
        {
            return new Refusal("api.unsupported", "range");
        }

        var asked = PageQuery.Of(http);
        if (!asked.IsDone(out var refusal, out var page))
        {
            return refusal;
        }

        var group = query["group_by"].ToString() is { Length: > 0 } chosen ? chosen : "day";
        if (group is not ("day" or "model" or "project"))
        {
            return new Refusal("api.unsupported", "group_by");
        }

        var (caller, model) = (ApiKeyHandler.CallerOf(http), query["model"].ToString());
        var filter = new UsageFilter(range, model.Length == 0 ? null : model);
        var read = await usage.Read(caller, filter, http.RequestAborted);
        if (!read.IsDone(out refusal, out var view))
        {
            return refusal;
        }

        var groups = group switch
        {
            "day" => view.Days.Select(d => UsageJson.Of(d.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), null, d.Sums)).ToList(),
            "model" => [.. view.Models.Select(m => UsageJson.Of(m.Model, null, m.Sums))],
            _ => await ByProject(caller, filter, http.RequestAborted),
        };
        return new UsageListJson(page.Of(groups), group, view.From, view.To, view.Zone.Id, MoneyJson.Currency, UsageJson.Of("total", null, view.Total));
    }

    private async Task<List<UsageJson>> ByProject(Caller caller, UsageFilter filter, CancellationToken cancel)
    {
        var read = await projects.Read(caller, filter, cancel);
        return [.. read.Value.Select(p => UsageJson.Of($"{p.ProjectId}", p.Name, p.Sums))];
    }

    private static UsageRange? RangeOf(string text) => text switch
    {
        "7d" => UsageRange.Days7,
        "14d" => UsageRange.Days14,
        "" or "30d" => UsageRange.Days30,
        "90d" => UsageRange.Days90,
        "period" => UsageRange.Period,
        _ => null,
    };
}
