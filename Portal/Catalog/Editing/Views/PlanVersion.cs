using Portal.Data.Catalog;

namespace Portal.Catalog.Editing.Views;

/// <param name="Subscribers">Who have this version.</param>
public sealed record PlanVersion(Plan Plan, int Subscribers);
