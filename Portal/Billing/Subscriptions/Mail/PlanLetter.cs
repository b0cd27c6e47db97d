namespace Portal.Billing.Subscriptions.Mail;

/// <summary>The mails about renewals and what ends; each is sent once a period and person, those about a card once an attempt.</summary>
public enum PlanLetter
{
    /// <summary>It could not be paid; until when it will be tried.</summary>
    PastDue = 0,

    /// <summary>It still could not, and the plan ends soon.</summary>
    Reminder = 1,

    /// <summary>The plan has ended.</summary>
    Ended = 2,

    /// <summary>The card was declined; when it is charged again.</summary>
    CardDeclined = 3,

    /// <summary>The card was declined for good, or for the last time.</summary>
    CardRefused = 4,

    /// <summary>The trial ends in a few days and goes on as a paid plan.</summary>
    TrialEnding = 5,

    /// <summary>The contract or the year ends in a few days; what comes after it.</summary>
    TermEnding = 6,
}
