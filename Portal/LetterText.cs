namespace Portal;

/// <summary>Names the resources beside this file.</summary>
public sealed class LetterText;
