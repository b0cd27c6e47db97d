using Portal.Billing.Ledger;
using Portal.Billing.Ledger.Wallets;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Usage;

namespace Portal.Tests.Faults.Simulation;

/// <summary>The rows of one wallet as they lie on disk, and the proof that they are books.</summary>
internal sealed class DurableWallet
{
    private readonly Dictionary<Guid, HoldQuote> quotes = [];

    public long Version { get; set; }

    public Dictionary<long, LedgerAccount> Accounts { get; init; } = [];

    public List<Transfer> Transfers { get; init; } = [];

    public Dictionary<Guid, Hold> Holds { get; init; } = [];

    public Dictionary<string, Counter> Counters { get; init; } = [];

    public Dictionary<(Guid, CapMeter, CapWindow), Cap> Caps { get; init; } = [];

    public Dictionary<Guid, UsageRecord> Usage { get; init; } = [];

    public Dictionary<string, IdempotencyRecord> Outcomes { get; init; } = [];

    /// <summary>What was held, be it a row or in its hold's.</summary>
    public IEnumerable<Transfer> PendingOf(Func<Hold, bool> which) =>
    [
        .. Transfers.Where(t => t.Kind == TransferKind.Pending && which(Holds[t.HoldId!.Value])),
        .. Holds.Values.Where(h => h.Quote is not null && which(h)).SelectMany(HeldSources.Read),
    ];

    /// <summary>Read from its text once.</summary>
    public HoldQuote QuoteOf(Hold hold)
    {
        if (!quotes.TryGetValue(hold.Id, out var quote)) quotes.Add(hold.Id, quote = LedgerJson.ReadQuote(hold.Quote!));
        return quote;
    }

    /// <summary>Everything that the program keeps is what its transfers, holds and usage say, counted again.</summary>
    public void AssertBooks()
    {
        AssertAccounts();
        AssertHolds();
        AssertCounters();
    }

    private void AssertAccounts()
    {
        var held = PendingOf(_ => true).ToList();
        var pending = held.ToDictionary(t => (t.HoldId, t.Part), t => t.Amount);
        var expected = Accounts.Keys.ToDictionary(id => id, _ => (Balance: 0L, Held: 0L));
        foreach (var transfer in held.Concat(Transfers.Where(t => t.Kind != TransferKind.Pending)))
        {
            var (debit, credit) = (expected[transfer.DebitId], expected[transfer.CreditId]);
            switch (transfer.Kind)
            {
                case TransferKind.Pending:
                    expected[transfer.DebitId] = (debit.Balance, debit.Held + transfer.Amount);
                    continue;
                case not TransferKind.Immediate:
                    debit.Held -= pending[(transfer.HoldId, transfer.Part)];
                    break;
            }

            expected[transfer.DebitId] = (debit.Balance - transfer.Amount, debit.Held);
            expected[transfer.CreditId] = (credit.Balance + transfer.Amount, credit.Held);
        }

        foreach (var (id, account) in Accounts)
        {
            Promise.Kept((account.Balance, account.Held) == expected[id], $"{account.Code} {account.Unit} {account.Key} has {account.Balance} and holds {account.Held}; its transfers say {expected[id]}");
            Promise.Kept(account.Floor is null || account.Balance - account.Held >= account.Floor, $"{account.Code} is under its floor");
        }

        foreach (var unit in Accounts.Values.GroupBy(a => a.Unit)) Promise.Kept(unit.Sum(a => a.Balance) == 0, $"{unit.Key} does not add up to zero");
        Promise.Kept(Accounts.Values.DistinctBy(a => (a.Code, a.Unit, a.Key)).Count() == Accounts.Count, $"an account is there twice");
    }

    private void AssertHolds()
    {
        var answers = Transfers.Where(t => t.Kind > TransferKind.Pending).ToLookup(t => t.HoldId);
        var held = PendingOf(_ => true).ToLookup(t => t.HoldId);
        foreach (var hold in Holds.Values)
        {
            var parts = answers[hold.Id].Select(t => t.Part).ToList();
            Promise.Kept(parts.Count == parts.Distinct().Count(), $"hold {hold.Id} was resolved twice");
            Promise.Kept(parts.Count == (hold.State == HoldState.Open ? 0 : held[hold.Id].Count()), $"hold {hold.Id} is {hold.State} and has {parts.Count} answers");
            Promise.Kept(Usage.ContainsKey(hold.Id) == (hold.State == HoldState.Posted && hold.Quote is not null), $"hold {hold.Id} is {hold.State}, and its usage says otherwise");
        }
    }

    private void AssertCounters()
    {
        var expected = new Dictionary<string, (long Used, long Held)>();
        foreach (var hold in Holds.Values.Where(h => h.Quote is not null && h.State is HoldState.Open or HoldState.Posted))
        {
            var quote = QuoteOf(hold);
            var receipt = Usage.TryGetValue(hold.Id, out var usage) ? LedgerJson.ReadReceipt(usage.Receipt) : null;
            if (receipt is not null) Add(quote.TierCounter, receipt.Price.PaidUnits, 0);
            foreach (var cap in quote.Caps)
            {
                var used = receipt is null ? 0 : cap.Meter switch { CapMeter.Money => receipt.ChargedNanos, CapMeter.Tokens => receipt.Usage.Tokens, _ => receipt.Usage.Images };
                Add(cap.Counter, used, receipt is null ? cap.Amount : 0);
            }
        }

        foreach (var counter in Counters.Values)
            Promise.Kept((counter.Used, counter.Held) == expected.GetValueOrDefault(counter.Key), $"{counter.Key} is {counter.Used} and {counter.Held}; usage and holds say {expected.GetValueOrDefault(counter.Key)}");
        Promise.Kept(expected.All(e => e.Value == default || Counters.ContainsKey(e.Key)), $"a counter is missing");

        void Add(string key, long used, long held)
        {
            var sum = expected.GetValueOrDefault(key);
            expected[key] = (sum.Used + used, sum.Held + held);
        }
    }
}
