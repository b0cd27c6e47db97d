namespace Portal;

/// <summary>What somebody needs to be for more than their own things.</summary>
public enum Right
{
    /// <summary>Owners and billing admins of the account: money, plans, invoices, projects. Other members hear that they may not.</summary>
    ManageBilling,

    /// <summary>The staff: other people's accounts. Nobody else learns that there is anything.</summary>
    Serve,

    /// <summary>Administrators: what is sold, and how the portal runs. Nobody else learns that there is anything.</summary>
    Administer,
}
