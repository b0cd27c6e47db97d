namespace Portal.Catalog.Editing.Views;

/// <summary>How a rate card stands to now.</summary>
public enum CardState
{
    Past = 0,
    InForce = 1,
    Waiting = 2,
    Withdrawn = 3,
}
