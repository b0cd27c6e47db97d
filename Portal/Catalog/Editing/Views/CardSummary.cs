namespace Portal.Catalog.Editing.Views;

/// <param name="FromFile">It came with the catalogue's file; else an administrator published it.</param>
public sealed record CardSummary(int Version, DateTimeOffset EffectiveFrom, CardState State, bool FromFile);
