namespace Portal.Billing.PriceChanges.Views;

/// <summary>How far a subscriber's move is; the counts of <see cref="PlanMoveGroup"/> say what each means.</summary>
public enum PlanMoveState
{
    Free = 0,
    Waiting = 1,
    Told = 2,
    Bound = 3,
}
