using Microsoft.Playwright;

namespace Portal.Tests.Browser;

/// <summary>The one browser of a test run, started when a test first asks for it.</summary>
public sealed class Chromium : IAsyncDisposable
{
    /// <summary>The one without windows first: a page costs it a third of what it costs the whole browser.</summary>
    private static readonly string[] Names = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"];

    private readonly IPlaywright playwright;
    private readonly IBrowser browser;

    private Chromium(IPlaywright playwright, IBrowser browser)
    {
        this.playwright = playwright;
        this.browser = browser;
    }

    public static async Task<Chromium> StartAsync()
    {
        // As patient as Playwright's actions: a busy machine is slow, not wrong.
        Assertions.SetDefaultExpectTimeout(30_000);
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Executable(),
            // Chromium's sandbox does not start as root; the rest keeps it from calling home during a run.
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage",
                "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        return new Chromium(playwright, browser);
    }

    /// <summary>A fresh profile: no cookies, nothing remembered.</summary>
    public Task<IBrowserContext> NewContextAsync(Uri address, Look look) => browser.NewContextAsync(new()
    {
        BaseURL = address.ToString(),
        Locale = look.Language == "en" ? "en-US" : look.Language,
        TimezoneId = "Asia/Shanghai",
        ColorScheme = look.Dark ? ColorScheme.Dark : ColorScheme.Light,
        ReducedMotion = ReducedMotion.Reduce,
        ViewportSize = new() { Width = look.Width, Height = look.Height },
        HasTouch = look.Width == Look.Phone,
    });

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
    }

    private static string Executable() =>
        (from name in Names from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator) select Path.Combine(folder, name)).FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException("Chromium is not installed: bash Portal.Tests/run.sh installs it on Debian.");
}
