namespace Portal.Payments.Sandbox.Delivery;

/// <summary>The faults that are in force, for trying out what the portal does about them. Of this process only, never stored.</summary>
public sealed class SandboxFaults
{
    private int answersToLose;

    public FaultPlan Plan { get; private set; } = new();

    public bool ApiIsDown => Plan.ApiDown;

    public void Set(FaultPlan plan)
    {
        Plan = plan;
        Volatile.Write(ref answersToLose, plan.LoseAnswers);
    }

    public bool LosesThisAnswer() => Plan.LoseAnswers > 0 && Interlocked.Decrement(ref answersToLose) >= 0;
}
