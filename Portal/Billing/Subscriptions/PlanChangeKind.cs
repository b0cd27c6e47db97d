using Portal.Billing.Subscriptions.Periods;

namespace Portal.Billing.Subscriptions;

/// <summary>What choosing a plan means for an account as it stands.</summary>
public enum PlanChangeKind
{
    /// <summary>The first plan, or the first after one ended: a period begins now.</summary>
    Start = 0,

    /// <summary>A dearer plan or a longer term: a new period begins now, what is left of the old one is credited.</summary>
    Upgrade = 1,

    /// <summary>A cheaper plan, one of the same price, or a shorter term: when what runs has ended. Nothing is charged now.</summary>
    NextPeriod = 2,

    /// <summary>The period that is due is paid now.</summary>
    Renew = 3,

    /// <summary>It begins now, for some days for nothing.</summary>
    Trial = 4,

    /// <summary>It begins when the money for it has come.</summary>
    Await = 5,
}
