namespace Portal.Catalog.Editing;

/// <summary>What differs between two versions.</summary>
/// <param name="Before">Null: there was no such thing; empty: nothing was set.</param>
/// <param name="After">Null: it is gone; empty: nothing is set.</param>
public sealed record FieldChange(string Group, string Name, string? Before, string? After);
