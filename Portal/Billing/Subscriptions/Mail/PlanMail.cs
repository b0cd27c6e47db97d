namespace Portal.Billing.Subscriptions.Mail;

/// <summary>The mails about a renewal that could not be paid; each is sent once a period and person.</summary>
public enum PlanMail
{
    /// <summary>It could not be paid; until when it will be tried.</summary>
    PastDue = 0,

    /// <summary>It still could not, and the plan ends soon.</summary>
    Reminder = 1,

    /// <summary>The plan has ended.</summary>
    Ended = 2,
}
