using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Portal.Inference;

namespace Portal.Tests.Inference;

public sealed class InferenceServicesTests
{
    [Fact]
    public void The_section_sets_every_option()
    {
        var options = Bind(new()
        {
            ["Inference:Device"] = "cpu",
            ["Inference:ModelDirectories:0"] = "/srv/models",
            ["Inference:ModelDirectories:1"] = "Models",
            ["Inference:QueueMax"] = "5",
            ["Inference:Slots"] = "3",
            ["Inference:StepMilliseconds"] = "40",
            ["Inference:Threads"] = "2",
        });
        Assert.Equal((InferenceDevice.Cpu, 5, 3, 40, 2), (options.Device, options.QueueMax, options.Slots, options.StepMilliseconds, options.Threads));
        Assert.Equal(["/srv/models", "Models"], options.ModelDirectories);
    }

    [Fact]
    public void Without_a_section_there_are_defaults()
    {
        var options = Bind([]);
        Assert.Equal((InferenceDevice.Auto, 64, 10, 8, 4, 250, 1), (options.Device, options.QueueMax, options.AgeingSeconds, options.Slots, options.PicturesTogether, options.StepMilliseconds, options.Threads));
        Assert.Empty(options.ModelDirectories);
    }

    [Fact]
    public void Every_mistake_is_named_by_its_key()
    {
        var refused = Assert.Throws<OptionsValidationException>(() => Bind(new()
        {
            ["Inference:QueueMax"] = "0",
            ["Inference:Slots"] = "257",
            ["Inference:AgeingSeconds"] = "-1",
            ["Inference:PicturesTogether"] = "65",
            ["Inference:StepMilliseconds"] = "0",
            ["Inference:Threads"] = "-1",
            ["Inference:ModelDirectories:0"] = " ",
        }));
        Assert.Equal(
            ["Inference:QueueMax", "Inference:AgeingSeconds", "Inference:Slots", "Inference:PicturesTogether", "Inference:StepMilliseconds", "Inference:Threads", "Inference:ModelDirectories"],
            refused.Failures.Select(failure => failure.Split(' ')[0]));
    }

    [Fact]
    public void Cuda_that_is_demanded_but_missing_stops_the_start_and_names_the_key()
    {
        var refused = Assert.Throws<OptionsValidationException>(() => Bind(new() { ["Inference:Device"] = "Cuda" }));
        Assert.StartsWith("Inference:Device", Assert.Single(refused.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_device_names_the_key() =>
        Assert.Contains("Inference:Device", Assert.Throws<InvalidOperationException>(() => Bind(new() { ["Inference:Device"] = "abacus" })).Message, StringComparison.Ordinal);

    private static InferenceOptions Bind(Dictionary<string, string?> settings)
    {
        using var services = new ServiceCollection()
            .AddInference(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .BuildServiceProvider();
        return services.GetRequiredService<IOptions<InferenceOptions>>().Value;
    }
}
