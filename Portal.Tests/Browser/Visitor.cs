using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Browser;

/// <summary>One person at one browser window. Every wait is for a condition that a person would see, within Playwright's own time limit.</summary>
public sealed partial class Visitor : IAsyncDisposable
{
    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();

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

    public Look Look { get; private set; }

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

    /// <summary>A cookie that the browser has from before.</summary>
    public Task BringAsync(Uri address, string name, string value) => context.AddCookiesAsync([new Cookie { Name = name, Value = value, Url = address.ToString() }]);

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

    /// <summary>Changes the theme and the window's size under the page that is open, and waits until it has followed.</summary>
    public async Task WearAsync(Look look)
    {
        Look = look;
        await Page.EmulateMediaAsync(new() { ColorScheme = look.Dark ? ColorScheme.Dark : ColorScheme.Light });
        await Page.SetViewportSizeAsync(look.Width, look.Height);
        await Page.EvaluateAsync("""
            new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))
                .then(() => Promise.all(document.getAnimations().filter(a => a.effect?.getTiming().iterations !== Infinity).map(a => a.finished.catch(() => null)))).then(() => null)
            """);

        // Charts are drawn anew a moment after the window has changed.
        await Page.EvaluateAsync("""
            new Promise((fits, fail) => {
                const end = performance.now() + 30_000;
                const look = () => {
                    if ([...document.querySelectorAll('main svg')].every(svg => svg.getBoundingClientRect().width <= innerWidth)) fits(null);
                    else if (performance.now() > end) fail(new Error('A chart stays wider than the window.'));
                    else requestAnimationFrame(look);
                };
                look();
            })
            """);
    }

    /// <summary>Follows a link of the navigation by its name, on a phone out of the drawer.</summary>
    public async Task NavigateAsync(string name)
    {
        if (Look.Width == Look.Phone) await Page.Locator("[data-open-dialog]").ClickAsync();
        await Page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link, new() { Name = name, Exact = true })
            .Filter(new() { Visible = true }).ClickAsync();
        await ReadyAsync();
    }

    /// <summary>Keeps a picture of the whole page as TestResults/screenshots/NAME.LOOK.jpg.</summary>
    public Task KeepScreenshotAsync(string name) => Page.ScreenshotAsync(new()
    {
        Path = RepositoryFolder.Result("screenshots", $"{name}.{Look}.jpg"),
        Type = ScreenshotType.Jpeg,
        Quality = 80,
        FullPage = true,
        Animations = ScreenshotAnimations.Disabled,
    });

    /// <summary>Keeps a picture under the page's name and asserts that <see cref="FindingsAsync"/> finds nothing.</summary>
    public async Task AssertPageIsGoodAsync(string name)
    {
        var findings = await FindingsAsync(name);
        Assert.True(findings.Count == 0, string.Join("\n\n", findings));
    }

    /// <summary>
    /// Keeps a picture under the page's name and tells what is wrong with the page: what axe finds, what sticks out to the side,
    /// another language than asked for, and words that run together.
    /// </summary>
    public async Task<IReadOnlyList<string>> FindingsAsync(string name, AxeRules rules = AxeRules.All)
    {
        await ReadyAsync();
        // What sticks to the window's top would stand in the middle of the picture.
        await Page.EvaluateAsync("scrollTo(0, 0)");
        await KeepScreenshotAsync(name);
        var findings = (await AxeAsync(rules)).Select(found => $"{name} in {Look}: {found}").ToList();
        var overflow = await Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        if (overflow > 0) findings.Add($"{name} in {Look} is {overflow} px wider than the window.");
        var language = await Page.Locator("html").GetAttributeAsync("lang") ?? "";
        if (!language.StartsWith(Look.Language, StringComparison.Ordinal)) findings.Add($"{name} in {Look} speaks '{language}'.");
        var words = await Page.EvaluateAsync<string>("[...document.querySelectorAll('main, [role=dialog]')].map(part => part.innerText).join('\\n')");
        findings.AddRange(RunTogether().Matches(words).Select(match => $"{name} in {Look} lacks a space: {match.Value}"));
        return findings;
    }

    /// <summary>Of a page that is still at work.</summary>
    public async Task AssertAxeFindsNothingAsync() => Assert.Empty(await AxeAsync());

    /// <summary>Keeps what the page looked like and consisted of when a test failed, under TestResults/failures.</summary>
    public async Task KeepEvidenceAsync(string test)
    {
        // A file's name has 255 bytes at most, and some tests are called by all that a page says in two languages.
        var name = Regex.Replace(test, "[^A-Za-z0-9_.]+", "-");
        name = name.Length <= 180 ? name : $"{name[..170]}{name[^10..]}";
        await Page.ScreenshotAsync(new() { Path = RepositoryFolder.Result("failures", $"{name}.png"), FullPage = true });
        await File.WriteAllTextAsync(RepositoryFolder.Result("failures", $"{name}.html"), $"<!-- {Page.Url} -->\n{await Page.ContentAsync()}");
    }

    public async ValueTask DisposeAsync() => await context.DisposeAsync();

    // In the page itself: the package's own way opens a second page for each, which only frames of other origins need.
    // Of a dialog alone where one is open: the page behind it was looked at before.
    private async Task<string[]> AxeAsync(AxeRules rules = AxeRules.All)
    {
        if (!await Page.EvaluateAsync<bool>("'axe' in window")) await Page.EvaluateAsync(Axe);
        return await Page.EvaluateAsync<string[]>("""
            rules => axe.run(document.querySelector('.rz-dialog') ?? document, {
                resultTypes: ['violations'], preload: false, iframes: false, selectors: false,
                ...(rules === 'Drawing' && { runOnly: ['color-contrast', 'link-in-text-block', 'scrollable-region-focusable'] }),
                ...(rules === 'Words' && { rules: { 'color-contrast': { enabled: false } } }),
            }).then(result => result.violations.map(violation =>
                `${violation.id}: ${violation.help}\n${violation.nodes.slice(0, 5).map(node => `    ${node.html}`).join('\n')}`))
            """, rules.ToString());
    }

    // What Razor's dropping of white space around code has led to: "used.Ends", "2026· ¥299", "reserved¥1".
    [GeneratedRegex(@"[^\n]{0,20}([a-z]\.[A-Z][a-z]|[^\s]·|·[^\s]|[A-Za-z0-9]¥)[^\n]{0,20}")]
    private static partial Regex RunTogether();
}
