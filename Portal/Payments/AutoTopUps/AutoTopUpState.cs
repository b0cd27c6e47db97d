namespace Portal.Payments.AutoTopUps;

public enum AutoTopUpState
{
    Off = 0,

    /// <summary>The next time that the balance falls below the threshold the card is charged.</summary>
    Watching = 1,

    /// <summary>On, and there is no card to charge.</summary>
    NoCard = 2,

    /// <summary>A top-up is on its way, or waits for the card holder.</summary>
    Undecided = 3,

    /// <summary>After a decline, for an hour.</summary>
    Paused = 4,

    /// <summary>After too many declines, until another card is charged.</summary>
    Stopped = 5,

    /// <summary>Switched off, because a payment was refunded or is contested, and nobody has decided since.</summary>
    Returned = 6,

    /// <summary>As many were started as may start in 24 hours.</summary>
    Full = 7,
}
