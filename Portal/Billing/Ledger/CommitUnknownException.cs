namespace Portal.Billing.Ledger;

/// <summary>The database neither confirmed a commit nor could be asked about it.</summary>
public sealed class CommitUnknownException(Exception cause) : Exception("The outcome of a commit is not known.", cause);
