using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Browser;

/// <summary>One person at one browser window. Every wait is for a condition that a person would see, within Playwright's own time limit.</summary>
public sealed class Visitor : IAsyncDisposable
{
    private readonly IBrowserContext context;
    private readonly List<string> scriptErrors = [];

    private Visitor(IBrowserContext context, IPage page, Look look)
    {
        this.context = context;
        Page = page;
        Look = look;
        page.PageError += (_, error) => scriptErrors.Add($"{page.Url}: {error}");
    }

    public IPage Page { get; }

    public Look Look { get; }

    /// <summary>Errors that no script of the page caught, oldest first: a passing test has none.</summary>
    public IReadOnlyList<string> ScriptErrors => scriptErrors;

    /// <summary>The part of the page that is not frame: what tests look into.</summary>
    public ILocator Content => Page.GetByRole(AriaRole.Main);

    /// <summary>The open dialog on top.</summary>
    public ILocator Dialog => Page.GetByRole(AriaRole.Dialog).Last;

    public static async Task<Visitor> ArriveAsync(Chromium chromium, Uri address, Look look)
    {
        var context = await chromium.NewContextAsync(address, look);
        return new Visitor(context, await context.NewPageAsync(), look);
    }

    /// <summary>Opens a path of the portal, such as `/billing`, and waits until its controls answer.</summary>
    /// <param name="status">The HTTP status that the page must come with, after redirects.</param>
    public async Task GoToAsync(string path, int status = 200)
    {
        var response = await Page.GotoAsync(path);
        Assert.Equal(status, response?.Status);
        await ReadyAsync();
    }

    /// <summary>Waits until the page is drawn by its circuit (the boot frame is gone) and has loaded what it shows.</summary>
    public async Task ReadyAsync()
    {
        await Page.WaitForLoadStateAsync(LoadState.Load);
        await Assertions.Expect(Page.Locator("#boot")).ToHaveCountAsync(0);
        await Assertions.Expect(Page.Locator("main .loading, main [aria-busy=true]")).ToHaveCountAsync(0);
    }

    public async Task SignInAsync(string email, string password)
    {
        await GoToAsync("/account/login");
        await Page.Locator("input[autocomplete=username]").FillAsync(email);
        await Page.Locator("input[type=password]").FillAsync(password);
        await Page.Locator("main form button[type=submit]").ClickAsync();
        await Page.WaitForURLAsync(url => !new Uri(url).AbsolutePath.StartsWith("/account/login", StringComparison.OrdinalIgnoreCase));
        await ReadyAsync();
    }

    /// <summary>Follows a link of the navigation by its name, on a phone out of the drawer.</summary>
    public async Task NavigateAsync(string name)
    {
        if (Look.Width == Look.Phone) await Page.Locator("[data-open-dialog]").ClickAsync();
        await Page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link, new() { Name = name, Exact = true })
            .Filter(new() { Visible = true }).ClickAsync();
        await ReadyAsync();
    }

    /// <summary>Keeps a picture of the whole page as TestResults/screenshots/NAME.LOOK.png.</summary>
    public Task KeepScreenshotAsync(string name) => Page.ScreenshotAsync(new()
    {
        Path = RepositoryFolder.Result("screenshots", $"{name}.{Look}.png"),
        FullPage = true,
        Animations = ScreenshotAnimations.Disabled,
    });

    /// <summary>Keeps a picture under the page's name and asserts that axe finds nothing and nothing sticks out to the side.</summary>
    public async Task AssertPageIsGoodAsync(string name)
    {
        await ReadyAsync();
        await KeepScreenshotAsync(name);
        await AssertAxeFindsNothingAsync();
        var overflow = await Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(overflow <= 0, $"{name} in {Look} is {overflow} px wider than the window.");
        Assert.Matches($"^{Look.Language}", await Page.Locator("html").GetAttributeAsync("lang") ?? "");
    }

    public async Task AssertAxeFindsNothingAsync()
    {
        var result = await Page.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations] });
        Assert.True(result.Violations.Length == 0, $"axe on {Page.Url} in {Look}:\n{string.Join('\n', result.Violations.Select(Describe))}");
    }

    /// <summary>Keeps what the page looked like and consisted of when a test failed, under TestResults/failures.</summary>
    public async Task KeepEvidenceAsync(string test)
    {
        var name = Regex.Replace(test, @"[^\w.]+", "-");
        await Page.ScreenshotAsync(new() { Path = RepositoryFolder.Result("failures", $"{name}.png"), FullPage = true });
        await File.WriteAllTextAsync(RepositoryFolder.Result("failures", $"{name}.html"), $"<!-- {Page.Url} -->\n{await Page.ContentAsync()}");
    }

    public async ValueTask DisposeAsync() => await context.DisposeAsync();

    private static string Describe(AxeResultItem violation) =>
        $"  {violation.Id}: {violation.Help}\n{string.Join('\n', violation.Nodes.Take(5).Select(node => $"    {node.Html}"))}";
}
