namespace Portal.Catalog.Editing;

/// <summary>Administrators change the catalogue; for everybody else there is nothing to be found.</summary>
internal static class CatalogRights
{
    public static Refusal? WhyNot(Caller caller) => caller.IsAdministrator ? null : Refusal.NotFound;

    public static Refusal? WhyNotChange(Caller caller) => caller.ReadOnly ? Refusal.ReadOnly : WhyNot(caller);
}
