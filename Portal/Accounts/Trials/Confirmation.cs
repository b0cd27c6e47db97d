namespace Portal.Accounts.Trials;

/// <summary>What opening a confirmation letter's link came to.</summary>
/// <param name="Done">False: the link is not, or no longer, good.</param>
/// <param name="Trial">Null: there is no trial credit to tell of.</param>
public sealed record Confirmation(bool Done, TrialOutcome? Trial = null);
