namespace Portal.Components.Pages.Plans.Offers;

/// <summary>What a plan is to the person who looks at it.</summary>
public enum PlanCardState
{
    /// <summary>To look at only.</summary>
    Shown = 0,
    Current = 1,

    /// <summary>Chosen for the next period.</summary>
    Next = 2,
    Choosable = 3,
    Upgrade = 4,

    /// <summary>From the next period on.</summary>
    Change = 5,
}
