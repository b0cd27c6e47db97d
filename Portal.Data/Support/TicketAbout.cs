namespace Portal.Data.Support;

public enum TicketAbout
{
    Payment = 0,
    Invoice = 1,

    /// <summary>A charged request: its usage record.</summary>
    Charge = 2,
}
