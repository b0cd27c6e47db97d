using System.Globalization;
using Portal.Data;

namespace Portal.Usage;

/// <summary>The requests of a range as CSV.</summary>
public sealed class UsageExport(UsageRequests requests)
{
    private static readonly string[] Columns =
    [
        "time", "request", "model", "member", "source", "unit", "input_tokens", "output_tokens", "images", "covered_units",
        "charged", "list_price", "currency", "duration_ms", "finish", "given_back",
    ];

    /// <summary>Whether <see cref="Write"/> would be refused: asked before the first byte, after which a status can say no more.</summary>
    public async Task<Outcome<Done>> Check(Caller caller, UsageFilter filter, CancellationToken cancel = default)
    {
        var first = await requests.Page(caller, filter, 0, 1, cancel);
        return first.IsDone(out var refusal) ? new Done() : refusal;
    }

    /// <param name="target">Stays open.</param>
    public async Task<Outcome<Done>> Write(Caller caller, UsageFilter filter, Stream target, CancellationToken cancel = default)
    {
        await using var csv = new Csv(target, Columns);
        return await requests.Each(caller, filter, (row, zone) => csv.Row(
            cancel, Csv.Time(TimeZoneInfo.ConvertTime(row.At, zone)), row.Id, row.Model, row.Member, row.ByKey ? "api" : "playground",
            row.Unit == Unit.Images ? "images" : "tokens", row.InputTokens, row.OutputTokens, row.Images, row.CoveredUnits, Exact(row.ChargedNanos),
            Exact(row.ListNanos), "CNY", row.DurationMs, row.Finish, row.ReturnedNanos is { } returned ? Exact(returned) : null), cancel);
    }

    private static string Exact(long nanos) => new Money(nanos).Amount.ToString("0.00#######", CultureInfo.InvariantCulture);
}
