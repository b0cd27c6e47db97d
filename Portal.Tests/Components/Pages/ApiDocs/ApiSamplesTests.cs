using System.Diagnostics;
using Portal.Components.Pages.ApiDocs;
using Portal.Components.Pages.Playground.Code;
using Portal.Tests.Fixtures;
using Portal.Tests.Prompts;

namespace Portal.Tests.Components.Pages.ApiDocs;

public sealed class ApiSamplesTests(PortalApp portal) : IClassFixture<PortalApp>
{
    [Theory]
    [InlineData(ApiSample.Chat, "small piece of text")]
    [InlineData(ApiSample.Stream, "data: [DONE]")]
    [InlineData(ApiSample.Image, "b64_json")]
    [InlineData(ApiSample.Balance, "\"spendable\"")]
    public async Task What_is_shown_for_a_terminal_works_in_one(ApiSample sample, string answer)
    {
        var customer = await Customer.Arrive(portal);
        var samples = new ApiSamples(portal.Address, customer.ApiKey, "guide", "shapes");

        Assert.Contains(answer, await Bash(samples.Of(sample, CodeLanguage.Curl)), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_sample_in_every_language_names_the_address_and_the_key()
    {
        var samples = new ApiSamples(new Uri("https://portal.example/"), "pk_12345678…", "guide", "shapes");

        foreach (var sample in samples.All)
        {
            Assert.All(Enum.GetValues<CodeLanguage>(), language => Assert.Contains("https://portal.example/", samples.Of(sample, language), StringComparison.Ordinal));
            Assert.All(Enum.GetValues<CodeLanguage>(), language => Assert.Contains("pk_12345678…", samples.Of(sample, language), StringComparison.Ordinal));
        }
    }

    [Fact]
    public void What_no_model_can_do_is_left_out() =>
        Assert.Equal([ApiSample.Balance], new ApiSamples(new Uri("https://portal.example/"), "pk_", null, null).All);

    private static async Task<string> Bash(string command)
    {
        var start = new ProcessStartInfo("bash", ["-c", command]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await errors);
        return output;
    }
}
