using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Portal.Components.Pages.Playground;
using Portal.Data;
using Portal.Data.Prompts;
using Portal.Prompts.Routing;
using Portal.Tests.Browser.Journeys;
using Portal.Tests.Fixtures;
using Portal.Tests.Prompts;

namespace Portal.Tests.Browser.Playground;

[Collection<PlaygroundPortal>]
public sealed class ImageTests(PortalApp portal) : BrowserTest(portal)
{
    [Fact]
    public async Task Pictures_stand_in_a_grid_with_seed_and_download_and_are_drawn_again_by_their_seed()
    {
        var (visitor, customer) = await Arrive();
        await visitor.Content.Locator("#count").SelectOptionAsync("2");
        await visitor.Content.Locator("[name=seed]").FillAsync("7");
        await visitor.Content.Locator("[name=seed]").PressAsync("Tab");
        await Send(visitor, "a red circle on a blue background", pictures: 2);

        await Assertions.Expect(visitor.Content.Locator(".under .muted")).ToHaveTextAsync(["Seed 7", "Seed 8"]);
        var saved = await visitor.Page.RunAndWaitForDownloadAsync(() => visitor.Content.Locator(".download").Nth(1).ClickAsync());
        Assert.Equal("shapes-8.png", saved.SuggestedFilename);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], (await File.ReadAllBytesAsync((await saved.PathAsync())!, TestContext.Current.CancellationToken))[..4]);
        Assert.Equal(2, Assert.Single(await customer.Usage(App)).Images);
        await visitor.AssertPageIsGoodAsync("images-grid");

        await visitor.Content.Locator(".under button").Nth(1).ClickAsync();
        await Assertions.Expect(visitor.Content.Locator("[name=seed]")).ToHaveValueAsync("8");
        await visitor.Content.Locator("#prompt").FillAsync("something else");
        await visitor.ClickAsync("Change and draw again");
        await Assertions.Expect(visitor.Content.Locator("#prompt")).ToHaveValueAsync("a red circle on a blue background");
        await visitor.Content.Locator("#count").SelectOptionAsync("1");
        await visitor.Content.Locator("[name=seed]").FillAsync("8");
        await visitor.Content.Locator("[name=seed]").PressAsync("Tab");
        await PauseAsync(visitor);
        await visitor.Content.Locator("[data-send]").ClickAsync();

        await Assertions.Expect(visitor.Content.Locator("img.picture")).ToHaveCountAsync(3);
        await Assertions.Expect(visitor.Content.Locator(".under .muted").First).ToHaveTextAsync("Seed 8");
    }

    [Fact]
    public async Task B23_a_guided_picture_by_an_alias_costs_what_is_shown_twice_an_unguided_one()
    {
        await AddAliasAsync(new ModelAlias { Id = Guid.NewGuid(), Unit = Unit.Images, Name = "sketch", Model = "shapes", Version = 1 });
        var (visitor, customer) = await Arrive();
        await Send(visitor, "a red circle", pictures: 1);
        await visitor.Content.Locator("#model").SelectOptionAsync("sketch");
        await visitor.Content.Locator("[name=guidance]").FillAsync("2");
        await visitor.Content.Locator("[name=guidance]").PressAsync("Tab");
        await visitor.Content.Locator("#negative").FillAsync("a square");
        await PauseAsync(visitor);

        await visitor.Content.Locator("[data-send]").ClickAsync();
        await Assertions.Expect(visitor.Content.Locator("details.receipt")).ToHaveCountAsync(2);

        var usage = await customer.Usage(App);
        var (once, guided) = (usage.Min(u => u.ChargedNanos), usage.Max(u => u.ChargedNanos));
        // Each charge is rounded up to a nano by itself, so at an hour whose factor leaves half a nano two single ones make one more.
        Assert.InRange(guided, (2 * once) - 1, 2 * once);
        Assert.All(usage, u => Assert.Equal("shapes", u.Model));
    }

    private async Task AddAliasAsync(ModelAlias alias)
    {
        await using var db = App.Database.Open();
        db.ModelAliases.Add(alias);
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        App.Services.GetRequiredService<AliasTable>().Forget();
    }

    /// <summary>A click within half a second of the last one counts as its double.</summary>
    private static async Task PauseAsync(Visitor visitor) => await visitor.Page.EvaluateAsync("new Promise(over => setTimeout(over, 600))");

    private static async Task Send(Visitor visitor, string prompt, int pictures)
    {
        await visitor.Content.Locator("#prompt").FillAsync(prompt);
        await visitor.Content.Locator("[data-send]").ClickAsync();
        await Assertions.Expect(visitor.Content.Locator("img.picture")).ToHaveCountAsync(pictures);
        await Assertions.Expect(visitor.Content.Locator("details.receipt")).ToHaveCountAsync(1);
    }

    private async Task<(Visitor Visitor, Customer Customer)> Arrive()
    {
        var customer = await Customer.Arrive(App);
        var visitor = await ArriveAsAsync(customer.Email);
        await visitor.GoToAsync("/playground");
        await visitor.TryAsync(PlaygroundMode.Images);
        return (visitor, customer);
    }
}
