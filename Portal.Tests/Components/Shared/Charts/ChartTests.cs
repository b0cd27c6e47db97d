using Bunit;
using Portal.Components.Shared.Charts;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Components.Shared.Charts;

public sealed class ChartTests : ComponentTest
{
    private static readonly string[] Days = ["1 Nov", "2 Nov"];

    private static readonly ChartSeries[] Series =
    [
        new("Text", [0.5m, 1.25m], ["¥0.50", "¥1.25"]),
        new("Images", [0m, 0.2m], ["¥0.00", "¥0.20"]),
    ];

    [Fact]
    public void The_picture_is_described() =>
        Assert.Equal("Spent a day", Draw().Find("[role=img]").GetAttribute("aria-label"));

    [Fact]
    public void The_same_figures_are_a_table_one_button_away()
    {
        var chart = Draw();
        Assert.Empty(chart.FindAll("table"));

        chart.Find("button").Click();

        Assert.Equal("true", chart.Find("button").GetAttribute("aria-expanded"));
        Assert.Equal(["Day", "Text", "Images"], chart.FindAll("thead th").Select(cell => cell.TextContent));
        Assert.Equal(["¥0.50", "¥0.00", "¥1.25", "¥0.20"], chart.FindAll("td").Select(cell => cell.TextContent));
    }

    [Fact]
    public void New_figures_update_the_drawing_instead_of_making_another()
    {
        var module = JSInterop.SetupModule(path => path.Identifier == "import");
        var drawing = module.SetupModule(call => call.Identifier == "draw");
        drawing.Mode = JSRuntimeMode.Loose;
        var chart = Draw();

        chart.Render(p => p.Add(c => c.Series, [new ChartSeries("Text", [1m, 2m], ["¥1.00", "¥2.00"])]));

        Assert.Single(module.Invocations["draw"]);
        Assert.Single(drawing.Invocations["update"]);
    }

    private IRenderedComponent<Chart> Draw() => Render<Chart>(p => p
        .Add(c => c.Label, "Spent a day").Add(c => c.CategoryName, "Day").Add(c => c.Categories, Days).Add(c => c.Series, Series));
}
