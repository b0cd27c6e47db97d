using System.Globalization;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Radzen;

namespace Portal.Tests.Fixtures;

/// <summary>
/// The base of a component's test: Radzen and localisation are registered, script calls that a test does not set up answer with defaults,
/// and the clock is <see cref="Time"/>. The language is English until <see cref="Speak"/>.
/// </summary>
public abstract class ComponentTest : BunitContext
{
    private readonly CultureInfo culture = CultureInfo.CurrentUICulture;

    protected ComponentTest()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddLogging();
        Services.AddLocalization();
        Services.AddRadzenComponents();
        Services.AddSingleton<TimeProvider>(Time);
        Speak("en");
    }

    protected FakeTime Time { get; } = new();

    /// <summary>Renders what follows in a language: `en` or `zh-CN`.</summary>
    protected static void Speak(string language) =>
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);

    protected override void Dispose(bool disposing)
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = culture;
        base.Dispose(disposing);
    }
}
