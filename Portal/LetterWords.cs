namespace Portal;

/// <summary>What a letter says, as plain text in its reader's language.</summary>
/// <param name="Text">The paragraphs.</param>
/// <param name="Button">Where the letter leads, and what that is called; none in a letter that only tells.</param>
/// <param name="Closing">Small print at the end; none when null.</param>
public sealed record LetterWords(string Subject, IReadOnlyList<string> Text, (string Name, Uri Link)? Button = null, string? Closing = null);
