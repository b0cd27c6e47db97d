using Portal.Billing.Verification.Rows;
using Portal.Data.Billing;

namespace Portal.Billing.Verification.Movements;

/// <summary>
/// A hold's state is what became of its transfers and what its usage record says, and none outlives its time. Rows come about in the order of time:
/// what fits is forgotten at once, so only open holds and what is out of order is kept. A row that comes later finds no hold and makes it suspect.
/// </summary>
/// <param name="overdue">Open holds that ended before this are abandoned.</param>
/// <param name="since">Rows of before were not read; null: all were.</param>
internal sealed class HoldRules(DateTimeOffset overdue, DateTimeOffset? since)
{
    private readonly Dictionary<Guid, HoldFacts> kept = [];
    private readonly Stack<HoldFacts> forgotten = [];
    private readonly List<Finding> found = [];

    public void Add(Guid holdId, in HeldRow transfer)
    {
        var facts = Facts(holdId);
        facts.Add(transfer);
        Forget(holdId, facts);
    }

    public void Add(in HoldRow hold)
    {
        var facts = Facts(hold.Id);
        facts.Hold = hold;
        Forget(hold.Id, facts);
    }

    public void Add(in UsageRow usage)
    {
        var facts = Facts(usage.Id);
        facts.Usage = usage;
        Forget(usage.Id, facts);
    }

    /// <summary>Those of which rows may have been read and forgotten, or not read: they can only be judged by all their rows.</summary>
    public HashSet<Guid> Suspects() => [.. kept.Where(k => k.Value.Hold is not { } hold || hold.CreatedAt < since).Select(k => k.Key)];

    /// <summary>For all rows of the suspects.</summary>
    public static HoldRules ThatForgetNothing() => new(DateTimeOffset.MinValue, DateTimeOffset.MaxValue);

    public void Replace(HashSet<Guid> suspects, HoldRules full)
    {
        foreach (var id in suspects)
        {
            kept[id] = full.kept[id];
        }
    }

    public IEnumerable<Finding> Check()
    {
        var findings = new List<Finding>();
        foreach (var (id, facts) in kept)
        {
            facts.Check(id, findings);
            if (facts.Hold is { State: HoldState.Open } hold && hold.ExpiresAt < overdue)
            {
                findings.Add(new Finding("hold.overdue", $"Holds {id}", $"open although its time ran out at {hold.ExpiresAt:u}"));
            }
        }

        return findings;
    }

    public IEnumerable<HeldRow> Unresolved() => kept.Values.SelectMany(facts => facts.Unresolved());

    private HoldFacts Facts(Guid id)
    {
        if (!kept.TryGetValue(id, out var facts))
        {
            facts = forgotten.TryPop(out var free) ? free : new HoldFacts();
            kept.Add(id, facts);
        }

        return facts;
    }

    private void Forget(Guid id, HoldFacts facts)
    {
        if (facts.Waits || facts.Hold!.Value.CreatedAt < since)
        {
            return;
        }

        facts.Check(id, found);
        if (found.Count == 0)
        {
            kept.Remove(id);
            facts.Clear();
            forgotten.Push(facts);
        }

        found.Clear();
    }
}
