using Portal.Billing.Ledger;
using Portal.Data.Billing;
using Portal.Data.Usage;

namespace Portal.Tests.Faults.Simulation;

/// <summary>A row that the engine's own keys refuse.</summary>
internal sealed class ConstraintException(string message) : Exception(message);

/// <summary>Rows that are written and not yet committed, seen by the transaction itself.</summary>
internal sealed class DiskTransaction(SimulatedDisk disk)
{
    private readonly Dictionary<Guid, WalletChange> wallets = [];
    private readonly Dictionary<string, string> terms = [];

    public void AddTerms(string key, string json) => terms[key] = json;

    public WalletChange Wallet(Guid id)
    {
        if (!wallets.TryGetValue(id, out var change)) wallets.Add(id, change = new WalletChange(disk.Wallets[id]));
        return change;
    }

    public void Commit(IEnumerable<Guid> locked)
    {
        foreach (var (key, json) in terms)
            if (!disk.Terms.ContainsKey(key)) disk.Terms.Add(key, LedgerJson.ReadTerms(json));
        foreach (var change in wallets.Values) change.Commit();
        foreach (var id in locked) disk.Wallets[id].Version++;
    }
}

internal sealed class WalletChange(DurableWallet wallet)
{
    private readonly List<LedgerAccount> opened = [];
    private readonly Dictionary<long, LedgerAccount> accounts = [];
    private readonly List<Transfer> transfers = [];
    private readonly Dictionary<Guid, Hold> made = [];
    private readonly Dictionary<Guid, Hold> resolved = [];
    private readonly Dictionary<string, Counter> counters = [];
    private readonly Dictionary<(Guid, CapMeter, CapWindow), Cap> caps = [];
    private readonly Dictionary<Guid, UsageRecord> usage = [];
    private readonly Dictionary<string, IdempotencyRecord> outcomes = [];

    public HoldState? StateOf(Guid hold) => Find(hold)?.State;

    public bool IsPrompt(Guid hold) => Find(hold)?.Quote is not null;

    public Receipt? ReceiptOf(Guid hold) => usage.TryGetValue(hold, out var row) || wallet.Usage.TryGetValue(hold, out row) ? LedgerJson.ReadReceipt(row.Receipt) : null;

    /// <returns>The account's id.</returns>
    public long Open(LedgerAccount account)
    {
        if (wallet.Accounts.Values.Concat(opened).FirstOrDefault(a => (a.Code, a.Unit, a.Key) == (account.Code, account.Unit, account.Key)) is { } there)
        {
            Require(there is { ExpiresAt: not null, Balance: 0, Held: 0 }, "an account is opened twice");
            return there.Id;
        }

        opened.Add(account);
        return account.Id;
    }

    public void Set(LedgerAccount account)
    {
        Require(account.Floor is null || account.Balance - account.Held >= account.Floor, "an account falls under its floor");
        accounts[account.Id] = account;
    }

    public void Add(Transfer transfer)
    {
        Require(transfer.DebitId > 0 && transfer.CreditId > 0, "a transfer names an account that was never opened");
        transfers.Add(transfer);
    }

    public void Add(Hold hold) => Require(!wallet.Holds.ContainsKey(hold.Id) && made.TryAdd(hold.Id, hold), "a hold is made twice");

    public void Resolve(Hold hold) => Require(resolved.TryAdd(hold.Id, hold) && (!wallet.Holds.TryGetValue(hold.Id, out var before) || before.State == HoldState.Open), "a hold is resolved twice");

    public void Set(Counter counter) => counters[counter.Key] = counter;

    public void Set(Cap cap) => caps[(cap.SubjectId, cap.Meter, cap.Window)] = cap;

    public void Add(UsageRecord row) => Require(!wallet.Usage.ContainsKey(row.Id) && usage.TryAdd(row.Id, row), "usage is recorded twice");

    public void Add(IdempotencyRecord outcome) => Require(!wallet.Outcomes.ContainsKey(outcome.Key) && outcomes.TryAdd(outcome.Key, outcome), "an outcome is kept twice");

    public void Commit()
    {
        foreach (var account in opened) wallet.Accounts.Add(account.Id, account);
        foreach (var (id, account) in accounts) wallet.Accounts[id] = account;
        wallet.Transfers.AddRange(transfers);
        foreach (var (id, hold) in made) wallet.Holds.Add(id, hold);
        foreach (var (id, hold) in resolved) wallet.Holds[id] = hold;
        foreach (var (key, counter) in counters) wallet.Counters[key] = counter;
        foreach (var (key, cap) in caps) wallet.Caps[key] = cap;
        foreach (var (id, row) in usage) wallet.Usage.Add(id, row);
        foreach (var (key, outcome) in outcomes) wallet.Outcomes.Add(key, outcome);
    }

    private Hold? Find(Guid hold) => resolved.TryGetValue(hold, out var now) || made.TryGetValue(hold, out now) || wallet.Holds.TryGetValue(hold, out now) ? now : null;

    private static void Require(bool kept, string otherwise)
    {
        if (!kept) throw new ConstraintException(otherwise);
    }
}
