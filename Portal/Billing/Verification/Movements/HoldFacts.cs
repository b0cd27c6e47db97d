using Portal.Billing.Verification.Rows;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Verification.Movements;

/// <summary>Every row that has a hold's id. Its rules compare these rows with each other and with nothing else.</summary>
internal sealed class HoldFacts
{
    private readonly List<HeldRow> transfers = [];
    private int pending;
    private int resolutions;

    public HoldRow? Hold { get; set; }

    public UsageRow? Usage { get; set; }

    /// <summary>Whether something may still be missing: then there is no need to look closer.</summary>
    public bool Waits => Hold is not { } hold || hold.State == HoldState.Open || pending != resolutions || (hold is { State: HoldState.Posted, Prompt: true } && Usage is null);

    public void Add(in HeldRow transfer)
    {
        transfers.Add(transfer);
        pending += transfer.Kind == TransferKind.Pending ? 1 : 0;
        resolutions += transfer.Kind > TransferKind.Pending ? 1 : 0;
    }

    /// <summary>What is pending and resolved by nothing.</summary>
    public IEnumerable<HeldRow> Unresolved() => transfers.Where(p => p.Kind == TransferKind.Pending && !IsResolved(p));

    public void Clear()
    {
        transfers.Clear();
        (pending, resolutions, Hold, Usage) = (0, 0, null, null);
    }

    /// <param name="id">That all of them have.</param>
    /// <param name="findings">Stays as it is when everything fits.</param>
    public void Check(Guid id, List<Finding> findings)
    {
        CheckTransfers(id, findings);
        CheckState(findings);
        CheckUsage(findings);
    }

    private void CheckTransfers(Guid id, List<Finding> findings)
    {
        for (var i = 0; i < transfers.Count; i++)
        {
            var t = transfers[i];
            if (Hold?.WalletId != t.WalletId)
            {
                findings.Add(new Finding("hold.missing", $"Transfers {t.Id}", $"the {t.Kind} belongs to no hold of its wallet ({id})"));
            }

            if (t.Kind <= TransferKind.Pending)
            {
                continue;
            }

            var fits = false;
            var times = 1;
            for (var j = 0; j < transfers.Count; j++)
            {
                var other = transfers[j];
                fits |= t.Resolves(other) && other.DebitId == t.DebitId && other.CreditId == t.CreditId && other.Amount >= t.Amount;
                times += j < i && other.Kind > TransferKind.Pending && other.Part == t.Part ? 1 : 0;
            }

            if (!fits)
            {
                findings.Add(new Finding("transfer.resolution", $"Transfers {t.Id}", $"the {t.Kind} fits no pending transfer {t.Part} of hold {id}"));
            }

            if (times > 1)
            {
                findings.Add(new Finding("transfer.resolved-twice", $"Transfers {t.Id}", $"what it resolves was resolved {times} times"));
            }
        }
    }

    private void CheckState(List<Finding> findings)
    {
        if (Hold is not { } hold)
        {
            return;
        }

        var fits = hold.State == HoldState.Open == hold.ResolvedAt is null;
        foreach (var t in transfers)
        {
            fits &= t.Kind switch
            {
                TransferKind.Pending => hold.State == HoldState.Open != IsResolved(t),
                TransferKind.Post => hold.State == HoldState.Posted,
                TransferKind.Void => hold.State is HoldState.Posted or HoldState.Voided,
                TransferKind.Expire => hold.State == HoldState.Expired,
                _ => true,
            };
        }

        if (!fits)
        {
            findings.Add(new Finding("hold.state", $"Holds {hold.Id}", $"it says {hold.State}, resolved {hold.ResolvedAt?.ToString("u") ?? "never"}; its transfers say otherwise"));
        }
    }

    private void CheckUsage(List<Finding> findings)
    {
        var posted = Hold is { State: HoldState.Posted, Prompt: true };
        if (Usage is not { } usage)
        {
            if (posted)
            {
                findings.Add(new Finding("usage.missing", $"Holds {Hold!.Value.Id}", "a prompt was charged and has no usage record"));
            }

            return;
        }

        Int128 money = 0;
        Int128 units = 0;
        foreach (var t in transfers)
        {
            if (t.Kind is TransferKind.Post or TransferKind.Immediate)
            {
                money += t.Unit == Unit.Money ? t.Amount : 0;
                units += t.Unit == usage.Unit ? t.Amount : 0;
            }
        }

        if (!posted || Hold!.Value.WalletId != usage.AccountId)
        {
            findings.Add(new Finding("usage.charge", $"UsageRecords {usage.Id}", "no posted prompt has its id"));
        }
        else if (usage.ChargedNanos != money || usage.CoveredUnits != units)
        {
            findings.Add(new Finding(
                "usage.charge", $"UsageRecords {usage.Id}",
                $"it says {usage.ChargedNanos} nanos and {usage.CoveredUnits} covered units, its transfers say {money} and {units}"));
        }
    }

    private bool IsResolved(in HeldRow pendingRow)
    {
        foreach (var t in transfers)
        {
            if (t.Resolves(pendingRow))
            {
                return true;
            }
        }

        return false;
    }
}
