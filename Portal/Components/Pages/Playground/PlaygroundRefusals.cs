namespace Portal.Components.Pages.Playground;

/// <summary>What is refused before anything is asked of a model.</summary>
internal static class PlaygroundRefusals
{
    public static readonly Refusal Empty = new("prompt.empty");
}
