namespace Portal.Data.Payments;

/// <summary>Why an account pays.</summary>
public enum PaymentPurpose
{
    /// <summary>A person chose an amount and paid on the gateway's page.</summary>
    TopUp = 0,

    /// <summary>The balance fell below the account's threshold.</summary>
    AutoTopUp = 1,

    /// <summary>A plan's fee that the balance could not pay.</summary>
    Renewal = 2,
}
