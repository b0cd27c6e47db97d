using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Inference;
using Portal.Prompts;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Prompts;

/// <summary>A portal whose models go on when the test lets them.</summary>
public sealed class ScriptedPortal : PortalApp
{
    internal ScriptedText Text { get; } = new();

    internal ScriptedImages Images { get; } = new();

    internal EngineLoad? Load { get; set; }

    protected override void Configure(IServiceCollection services) => services.Replace(ServiceDescriptor.Singleton(new PromptModels(
        () => [new("guide", ModelKind.Text, ModelState.Ready), new("shapes", ModelKind.Image, ModelState.Ready), new("broken", ModelKind.Text, ModelState.Unavailable, "cut off")],
        id => id == Text.Id ? Text : null,
        id => id == Images.Id ? Images : null) { Load = _ => Load }));
}
