namespace Portal.Components.Shared.Notices;

/// <summary>What a badge or a notice wants to be felt as; never told by colour alone.</summary>
public enum Tone
{
    Neutral = 0,
    Good = 1,
    Info = 2,
    Warn = 3,
    Bad = 4,
}
