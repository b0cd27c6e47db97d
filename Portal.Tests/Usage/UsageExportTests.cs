using System.Text;
using Portal.Data;
using Portal.Tests.Fixtures;
using Portal.Usage;

namespace Portal.Tests.Usage;

public sealed class UsageExportTests
{
    private readonly FakeTime time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_request_is_a_row_with_exact_amounts_in_the_accounts_time()
    {
        await using var database = await TestDatabase.CreateAsync();
        var rows = new UsageRows(database, time);
        var owner = await rows.Open();
        var student = await rows.Join(owner, "李雷");
        var one = await rows.Add(owner, time.GetUtcNow().AddHours(-1), units: 90, covered: 10, charged: 1_230_000_001);
        var two = await rows.Add(student, time.GetUtcNow(), "shapes", 2, covered: 2);

        var text = await Export(database, owner, new UsageFilter());

        Assert.Equal(
        [
            "\uFEFFtime,request,model,member,source,unit,input_tokens,output_tokens,images,covered_units,charged,list_price,currency,duration_ms,finish,given_back",
            $"2026-07-01T11:00:00+08:00,{one},guide,Somebody,playground,tokens,60,30,0,10,1.230000001,2.460000002,CNY,250,stop,",
            $"2026-07-01T12:00:00+08:00,{two},shapes,李雷,playground,images,0,0,2,2,0.00,0.00,CNY,250,stop,",
            "",
        ], text.Split("\r\n"));
    }

    [Theory]
    [InlineData("=HYPERLINK(\"http://evil\")", "\"'=HYPERLINK(\"\"http://evil\"\")\"")]
    [InlineData("+1", "\"'+1\"")]
    [InlineData("-1", "\"'-1\"")]
    [InlineData("@SUM(A1)", "\"'@SUM(A1)\"")]
    [InlineData("\tx", "\"'\tx\"")]
    [InlineData("Li, Lei", "\"Li, Lei\"")]
    public async Task A_name_is_never_a_formula_of_the_spreadsheet(string name, string cell)
    {
        await using var database = await TestDatabase.CreateAsync();
        var rows = new UsageRows(database, time);
        var owner = await rows.Open();
        await rows.Add(await rows.Join(owner, name), time.GetUtcNow());

        var line = (await Export(database, owner, new UsageFilter())).Split("\r\n")[1];

        Assert.Contains($",guide,{cell},playground,", line, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Many_requests_are_read_in_pages_each_once_and_in_order_also_those_of_the_same_moment(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var rows = new UsageRows(database, time);
        var owner = await rows.Open();
        await rows.Add(owner, Enumerable.Range(0, 2_100).Select(i => (time.GetUtcNow().AddMinutes(-i / 700), "guide", 3L, 0L, 1L)));

        var lines = (await Export(database, owner, new UsageFilter())).Split("\r\n")[1..^1].Select(line => line.Split(',')).ToList();

        Assert.Equal(rows.Written.Select(row => $"{row.Id}").Order(StringComparer.Ordinal), lines.Select(line => line[1]).Order(StringComparer.Ordinal));
        Assert.Equal(lines.Select(line => line[0]).Order(StringComparer.Ordinal), lines.Select(line => line[0]));
    }

    [Fact]
    public async Task A_member_exports_their_own_requests_only()
    {
        await using var database = await TestDatabase.CreateAsync();
        var rows = new UsageRows(database, time);
        var owner = await rows.Open();
        var student = await rows.Join(owner, "Student");
        await rows.Add(owner, time.GetUtcNow());
        var own = await rows.Add(student, time.GetUtcNow());
        var export = new UsageExport(new UsageRequests(database.Factory, time));

        var lines = (await Export(database, student, new UsageFilter())).Split("\r\n");

        Assert.Equal(3, lines.Length);
        Assert.Contains($"{own}", lines[1], StringComparison.Ordinal);
        Assert.Equal(Refusal.NotFound, (await export.Check(student, new UsageFilter(MembershipId: owner.MembershipId), Cancel)).Refusal);
    }

    private async Task<string> Export(TestDatabase database, Caller caller, UsageFilter filter)
    {
        using var target = new MemoryStream();
        Assert.Null((await new UsageExport(new UsageRequests(database.Factory, time)).Write(caller, filter, target, Cancel)).Refusal);
        return Encoding.UTF8.GetString(target.ToArray());
    }
}
