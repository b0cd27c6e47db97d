using Portal.Accounts.Trials;
using Portal.Data.Accounts;

namespace Portal.Accounts.Members;

/// <summary>What following a letter's link came to.</summary>
/// <param name="Trial">Null: there is no trial credit to tell of.</param>
public sealed record Joined(Person Person, TrialOutcome? Trial);
