namespace Portal.Prompts.Marks;

/// <summary>What a picture's mark says.</summary>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Evidence">Null: no mark of this portal is in the picture.</param>
/// <param name="Day">In UTC, when the request began; null without a mark.</param>
/// <param name="Accounts">Whose mark it can be; more than one in a million once.</param>
/// <param name="Requests">Of these accounts, charged on that day, with the mark's tag: normally one; none when the request was given up and not charged.</param>
public sealed record PictureTrace(
    int Width, int Height, MarkEvidence? Evidence, DateOnly? Day, IReadOnlyList<TracedAccount> Accounts, IReadOnlyList<TracedRequest> Requests);
