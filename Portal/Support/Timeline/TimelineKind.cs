namespace Portal.Support.Timeline;

/// <summary>What an entry of the timeline is about; each is a filter of the page.</summary>
public enum TimelineKind
{
    Money = 0,
    Usage = 1,
    Plan = 2,

    /// <summary>API keys, projects and budgets.</summary>
    Keys = 3,

    /// <summary>Members and what was allocated to them.</summary>
    Seats = 4,
    Tickets = 5,
    SignIns = 6,

    /// <summary>What the staff did besides.</summary>
    Staff = 7,
}
