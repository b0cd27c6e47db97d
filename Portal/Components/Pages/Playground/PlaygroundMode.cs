namespace Portal.Components.Pages.Playground;

/// <summary>What is tried.</summary>
public enum PlaygroundMode
{
    Chat,
    Images,
    Compare,
}
