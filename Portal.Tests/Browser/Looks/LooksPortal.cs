using Portal.Tests.Fixtures;

namespace Portal.Tests.Browser.Looks;

/// <summary>A portal whose people have something on every page.</summary>
public sealed class LooksPortal : PortalApp
{
    private readonly Lazy<Task<LooksScene>> scene;

    public LooksPortal() => scene = new(() => LooksScene.SetAsync(this));

    /// <summary>Set once, when it is first asked for.</summary>
    internal Task<LooksScene> Scene => scene.Value;
}
