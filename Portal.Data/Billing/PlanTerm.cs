namespace Portal.Data.Billing;

/// <summary>For how long a plan is taken, and how it is paid. A longer one has the greater number.</summary>
public enum PlanTerm
{
    /// <summary>Month by month.</summary>
    Monthly = 0,

    /// <summary>Twelve months, each paid when it begins.</summary>
    Contract = 1,

    /// <summary>Twelve months, paid at once.</summary>
    Yearly = 2,
}
