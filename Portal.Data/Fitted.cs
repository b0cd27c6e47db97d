using System.Globalization;

namespace Portal.Data;

/// <summary>Shortens text that is put together from others' words to what its column holds, so that a deed never fails for the length of its record.</summary>
public static class Fitted
{
    /// <summary>Families of emoji with all that joins them are about as long.</summary>
    private const int LongestCharacter = 40;

    /// <param name="lengthMax">In UTF-16 units, the most that any engine counts a character as.</param>
    /// <returns>The text itself when it fits; else its beginning, cut between two characters as people see them, and an ellipsis.</returns>
    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(text))]
    public static string? To(string? text, int lengthMax) =>
        text is null || text.Length <= lengthMax
            ? text
            : $"{text[..StringInfo.ParseCombiningCharacters(text[..Math.Min(text.Length, lengthMax + LongestCharacter)]).Last(start => start < lengthMax)]}…";
}
