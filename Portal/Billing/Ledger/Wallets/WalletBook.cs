using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Ledger.Wallets;

/// <summary>
/// One wallet in memory. Checks first, then moves: a refusal leaves it as it was. It does no I/O and reads no clock, so the same state, command
/// and instant always give the same outcome and rows.
/// </summary>
public sealed partial class WalletBook
{
    private readonly Dictionary<(string Code, Unit Unit), List<LedgerAccount>> accounts = [];
    private readonly Dictionary<string, Counter> counters;
    private readonly List<Cap> caps;
    private readonly Dictionary<Guid, HeldTransfers> holds;

    // Where the rows of the command at hand go.
    private LedgerRows rows = new();

    /// <param name="accounts">Every account of the wallet that still matters.</param>
    /// <param name="holds">Its open holds.</param>
    public WalletBook(Guid walletId, IEnumerable<LedgerAccount> accounts, IEnumerable<Counter> counters, IEnumerable<Cap> caps, IEnumerable<HeldTransfers> holds)
    {
        WalletId = walletId;
        foreach (var account in accounts)
        {
            Insert(account);
        }

        this.counters = counters.ToDictionary(c => c.Key);
        this.caps = [.. caps];
        this.holds = holds.ToDictionary(h => h.Hold.Id);
    }

    public Guid WalletId { get; }

    public IEnumerable<LedgerAccount> Accounts => accounts.Values.SelectMany(a => a);

    public IReadOnlyCollection<Counter> Counters => counters.Values;

    public IReadOnlyCollection<HeldTransfers> Holds => holds.Values;

    public bool IsOpen(Guid holdId) => holds.ContainsKey(holdId);

    /// <param name="into">Gets the rows that the command makes and changes.</param>
    /// <returns>For a hold that is not open <see cref="Refusal.NotFound"/>: the book does not remember resolved ones.</returns>
    public Outcome<LedgerResult> Apply(LedgerCommand command, LedgerRows into, DateTimeOffset now)
    {
        rows = into;
        return command switch
        {
            Move move => Apply(move, now),
            GiveBack back => Apply(back, now),
            Draw draw => Apply(draw, now),
            HoldPrompt prompt => Apply(prompt, now),
            HoldCommand hold => holds.TryGetValue(hold.HoldId, out var held) ? Resolve(hold, held, now) : Refusal.NotFound,
            BookExpiry => ExpireAccounts(now),
            SetCap cap => Apply(cap),
            SetPostpaidLimit limit => Apply(limit),
            _ => throw new ArgumentOutOfRangeException(nameof(command), command, "no such command"),
        };
    }

    /// <summary>What can be drawn now from these codes, in <paramref name="unit"/>.</summary>
    public long Available(Unit unit, IReadOnlyList<string> codes, Guid? subject, DateTimeOffset now)
    {
        var all = new List<(LedgerAccount, long)>();
        Take(all, unit, long.MaxValue, codes, subject, now);
        return all.Sum(a => a.Item2);
    }

    private static long Free(LedgerAccount account) => account.Floor is { } floor ? account.Balance - account.Held - floor : long.MaxValue;

    private Outcome<LedgerResult> Apply(Move move, DateTimeOffset now)
    {
        if (move.Legs.Count == 0 || move.Legs.Any(l => l.Amount <= 0 || l.Debit.Unit != l.Credit.Unit))
        {
            return new Refusal("amount.invalid");
        }

        var debits = move.Legs.GroupBy(l => l.Debit).Select(g => (Account: g.Key, Amount: g.Aggregate(0m, (sum, l) => sum + l.Amount)));
        if (debits.FirstOrDefault(d => d.Account.Floor is not null && d.Amount > FreeOf(d.Account)) is { Amount: > 0 } shortage)
        {
            return Short(shortage.Account.Unit, shortage.Amount, FreeOf(shortage.Account));
        }

        if (Overflow(move.Legs.SelectMany(l => new[] { (l.Debit, -(decimal)l.Amount), (l.Credit, l.Amount) })))
        {
            return new Refusal("amount.too-large");
        }

        foreach (var leg in move.Legs)
        {
            Book(TransferKind.Immediate, Open(leg.Debit), Open(leg.Credit), leg.Amount, leg.Code, move.Reference, now);
        }

        return new LedgerResult([.. move.Legs.Select(l => new Part(l.Debit.Code, l.Debit.Unit, l.Amount, l.Debit.ExpiresAt))]);
    }

    private Outcome<LedgerResult> Apply(Draw draw, DateTimeOffset now)
    {
        if (draw.Amount <= 0 || draw.To.Unit != draw.Unit)
        {
            return new Refusal("amount.invalid");
        }

        var taken = new List<(LedgerAccount Source, long Amount)>();
        var sum = Take(taken, draw.Unit, draw.Amount, draw.From, draw.FromSubject, now);
        if (sum < draw.Amount)
        {
            return Short(draw.Unit, draw.Amount, sum);
        }

        var moves = taken.ConvertAll(t => (t.Source, To: draw.KeepExpiry ? draw.To with { ExpiresAt = t.Source.ExpiresAt } : draw.To, t.Amount));
        if (Overflow(moves.Select(m => (m.To, (decimal)m.Amount))))
        {
            return new Refusal("amount.too-large");
        }

        if (draw.HoldId is { } holdId)
        {
            if (IsOpen(holdId))
            {
                return new Refusal("request.duplicate");
            }

            var hold = new Hold { Id = holdId, WalletId = WalletId, CreatedAt = now };
            var pending = moves.Select((m, part) => Reserve(m.Source, Open(m.To), m.Amount, draw.Code, draw.Reference, now, holdId, part)).ToList();
            rows.Transfers.AddRange(pending);
            Keep(hold, pending, null);
        }
        else
        {
            foreach (var (source, to, amount) in moves)
            {
                Book(TransferKind.Immediate, source, Open(to), amount, draw.Code, draw.Reference, now);
            }
        }

        return new LedgerResult(taken.ConvertAll(PartOf));
    }

    private LedgerResult ExpireAccounts(DateTimeOffset now)
    {
        var parts = new List<Part>();
        foreach (var account in Accounts.Where(a => a.ExpiresAt <= now && a.Floor == 0 && Free(a) > 0).ToList())
        {
            var left = Free(account);
            Book(TransferKind.Immediate, account, Open(new AccountRef(LedgerCodes.Issued, account.Unit)), left, "expire", account.Key, now);
            parts.Add(PartOf((account, left)));
        }

        return new LedgerResult(parts);
    }

    private Outcome<LedgerResult> Apply(SetPostpaidLimit command)
    {
        var account = Find(new AccountRef(LedgerCodes.Postpaid, Unit.Money));
        if (command.Nanos < 0)
        {
            return new Refusal("amount.invalid");
        }

        if (account is not null && account.Balance - account.Held < -command.Nanos)
        {
            return new Refusal("postpaid.in-use", Yuan(account.Held - account.Balance));
        }

        account ??= Open(new AccountRef(LedgerCodes.Postpaid, Unit.Money));
        account.Floor = -command.Nanos;
        rows.Changed.Add(account);
        return new LedgerResult([]);
    }

    /// <summary>Takes up to <paramref name="amount"/> from the codes in order; what expires soonest first. Nothing is booked.</summary>
    /// <returns>How much was found.</returns>
    private long Take(
        List<(LedgerAccount Source, long Amount)> taken, Unit unit, long amount, IReadOnlyList<string> codes, Guid? subject, DateTimeOffset now)
    {
        var found = 0L;
        for (var c = 0; c < codes.Count && found < amount; c++)
        {
            if (!accounts.TryGetValue((codes[c], unit), out var sources))
            {
                continue;
            }

            foreach (var source in sources)
            {
                var part = (subject is null || source.SubjectId == subject) && (source.ExpiresAt is null || source.ExpiresAt > now)
                    ? Math.Min(amount - found, Free(source))
                    : 0;
                if (part > 0)
                {
                    taken.Add((source, part));
                    found += part;
                }
            }
        }

        return found;
    }

    private long FreeOf(AccountRef name) => Find(name) is { } account ? Free(account) : 0;

    /// <summary>Whether a balance would leave 64 bits, were all of these changes made.</summary>
    private bool Overflow(IEnumerable<(AccountRef Account, decimal Change)> changes) =>
        changes.GroupBy(c => c.Account).Any(g => Math.Abs((Find(g.Key)?.Balance ?? 0m) + g.Sum(c => c.Change)) > long.MaxValue);

    private LedgerAccount? Find(AccountRef name)
    {
        if (accounts.TryGetValue((name.Code, name.Unit), out var named))
        {
            var key = name.Key;
            foreach (var account in named)
            {
                if (account.Key == key)
                {
                    return account;
                }
            }
        }

        return null;
    }

    private LedgerAccount Open(AccountRef name)
    {
        if (Find(name) is { } account)
        {
            return account;
        }

        account = name.Open(WalletId);
        Insert(account);
        rows.Opened.Add(account);
        return account;
    }

    /// <summary>Keeps the accounts of a code in the order in which they are burnt.</summary>
    private void Insert(LedgerAccount account)
    {
        var key = (account.Code, account.Unit);
        if (!accounts.TryGetValue(key, out var named))
        {
            accounts.Add(key, named = []);
        }

        var place = named.FindIndex(a => Before(account, a));
        named.Insert(place < 0 ? named.Count : place, account);
    }

    private static bool Before(LedgerAccount a, LedgerAccount b)
    {
        var expiry = (a.ExpiresAt ?? DateTimeOffset.MaxValue).CompareTo(b.ExpiresAt ?? DateTimeOffset.MaxValue);
        return expiry < 0 || (expiry == 0 && string.CompareOrdinal(a.Key, b.Key) < 0);
    }

    private void Book(
        TransferKind kind, LedgerAccount debit, LedgerAccount credit, long amount, string code, string reference, DateTimeOffset now,
        Guid? holdId = null, int part = 0, long released = 0)
    {
        var transfer = new Transfer
        {
            WalletId = WalletId, Kind = kind, Debit = debit, Credit = credit, Amount = amount, Code = code, Reference = reference, At = now,
            HoldId = holdId, Part = part,
        };
        rows.Transfers.Add(transfer);
        rows.Changed.Add(debit);
        debit.Held -= released;
        if (amount > 0)
        {
            debit.Balance = checked(debit.Balance - amount);
            credit.Balance = checked(credit.Balance + amount);
            rows.Changed.Add(credit);
        }
    }

    /// <summary>A pending transfer; whether it is a row or its hold's, the caller decides.</summary>
    private Transfer Reserve(LedgerAccount debit, LedgerAccount credit, long amount, string code, string reference, DateTimeOffset now, Guid holdId, int part)
    {
        debit.Held = checked(debit.Held + amount);
        rows.Changed.Add(debit);
        return new Transfer
        {
            WalletId = WalletId, Kind = TransferKind.Pending, Debit = debit, Credit = credit, Amount = amount, Code = code, Reference = reference, At = now,
            HoldId = holdId, Part = part,
        };
    }

    private static Part PartOf((LedgerAccount Source, long Amount) taken) =>
        new(taken.Source.Code, taken.Source.Unit, taken.Amount, taken.Source.ExpiresAt);

    private static Refusal Short(Unit unit, decimal needed, decimal available) => unit == Unit.Money
        ? new Refusal("funds.short", Yuan(needed), Yuan(available))
        : new Refusal(unit == Unit.Tokens ? "quota.short.tokens" : "quota.short.images", Whole(needed), Whole(available));

    private static string Yuan(decimal nanos) => (nanos / Money.NanosPerUnit).ToString("0.00#######", System.Globalization.CultureInfo.InvariantCulture);

    private static string Whole(decimal units) => units.ToString("0", System.Globalization.CultureInfo.InvariantCulture);
}
