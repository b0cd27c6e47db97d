namespace Portal.Components.Pages.Reconciliation;

/// <summary>The words of the reconciliation page.</summary>
public sealed class ReconciliationText;
