using Microsoft.Extensions.DependencyInjection;
using Portal.Commands;
using Portal.Commands.Bench;
using Portal.Data;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Commands;

public sealed class BenchCommandTests(PortalApp portal) : IClassFixture<PortalApp>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_page_is_drawn_for_every_kind_of_person()
    {
        await portal.Services.GetRequiredService<DemoPeople>().Ensure(Cancel);

        var pages = await new PageBench(portal.Services).Measure(1, Cancel);

        SourceFile.AssertNone(pages.Where(page => page.Failed).Select(page => $"{page.Path} as {page.Person}"));
        Assert.Superset(
            new HashSet<string> { "/", "/plans", "/billing", "/usage", "/playground", "/api-keys", "/alerts", "/invoices", "/members", "/support", "/jobs" },
            pages.Select(page => page.Path).ToHashSet());
        Assert.Equal(4, pages.Select(page => page.Person).Distinct().Count());
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Verify_proves_every_row_that_was_written_for_it(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);

        var figures = await new VerifyBench(provider == DatabaseProvider.Sqlite ? "sqlite" : database.ConnectionString, 4000, TimeProvider.System).Measure(Cancel);

        Assert.Equal("clean", figures.Verify);
        // 1,333 charges of three rows and one of the rollup each, and what the wallets have themselves.
        Assert.InRange(figures.Rows, 4 * 1_333 + 1, 6_500);
    }

    [Theory]
    [InlineData]
    [InlineData("everything")]
    [InlineData("pages", "0")]
    [InlineData("pages", "many")]
    [InlineData("pages", "5", "6")]
    public async Task What_it_does_not_know_is_explained_and_ends_with_code_2(params string[] words)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();

        Assert.Equal(2, await BenchCommand.Run(portal.Services, words, output, errors, Cancel));
        Assert.Empty(output.ToString());
        Assert.StartsWith("Usage: bench pages", errors.ToString(), StringComparison.Ordinal);
    }
}
