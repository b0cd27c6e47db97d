using Portal.Billing.Ledger.Wallets;
using Portal.Data.Billing;
using Portal.Data.Usage;

namespace Portal.Billing.Ledger;

/// <summary>The rows that commands have made or changed, until they are written.</summary>
public sealed class LedgerRows
{
    private readonly Dictionary<(Guid Account, DateTimeOffset Hour, Guid Membership, string Model), UsageHour> hours = [];

    /// <summary>New accounts; they have no id before they are written.</summary>
    public List<LedgerAccount> Opened { get; } = [];

    /// <summary>Accounts whose figures changed, new ones included.</summary>
    public HashSet<LedgerAccount> Changed { get; } = [];

    /// <summary>All but the pending ones of prompts, which are in <see cref="Holds"/>.</summary>
    public List<Transfer> Transfers { get; } = [];

    /// <summary>The terms of the new holds, as JSON by key.</summary>
    public Dictionary<string, string> Terms { get; } = [];

    public List<HeldTransfers> Holds { get; } = [];

    public List<Hold> Resolved { get; } = [];

    public HashSet<Counter> Counters { get; } = [];

    public HashSet<Cap> Caps { get; } = [];

    public List<UsageRecord> Usage { get; } = [];

    /// <summary>What the usage adds to the rollup.</summary>
    public IReadOnlyCollection<UsageHour> Hours => hours.Values;

    public List<IdempotencyRecord> Outcomes { get; } = [];

    public void AddUsage(UsageRecord usage)
    {
        Usage.Add(usage);
        var time = usage.At.UtcDateTime;
        var start = new DateTimeOffset(time.Year, time.Month, time.Day, time.Hour, 0, 0, TimeSpan.Zero);
        var key = (usage.AccountId, start, usage.MembershipId, usage.Model);
        if (!hours.TryGetValue(key, out var hour))
        {
            hour = new UsageHour { AccountId = usage.AccountId, Hour = start, MembershipId = usage.MembershipId, Model = usage.Model };
            hours.Add(key, hour);
        }

        hour.Requests++;
        hour.InputTokens += usage.InputTokens;
        hour.OutputTokens += usage.OutputTokens;
        hour.Images += usage.Images;
        hour.CoveredUnits += usage.CoveredUnits;
        hour.ChargedNanos += usage.ChargedNanos;
    }

    public void Clear()
    {
        Opened.Clear();
        Changed.Clear();
        Transfers.Clear();
        Terms.Clear();
        Holds.Clear();
        Resolved.Clear();
        Counters.Clear();
        Caps.Clear();
        Usage.Clear();
        hours.Clear();
        Outcomes.Clear();
    }
}
