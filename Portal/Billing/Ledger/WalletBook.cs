using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Ledger;

/// <summary>
/// One wallet in memory. Checks first, then moves: a refusal leaves it as it was. It does no I/O and reads no clock,
/// so the same rows, command and instant always give the same outcome and rows.
/// </summary>
/// <param name="accounts">Every account of the wallet that still matters.</param>
/// <param name="openHolds">How many of its holds are open.</param>
public sealed partial class WalletBook(Guid walletId, IEnumerable<LedgerAccount> accounts, IEnumerable<Counter> counters, int openHolds)
{
    private readonly Dictionary<(string Code, Unit Unit, string Key), LedgerAccount> accounts = accounts.ToDictionary(a => (a.Code, a.Unit, a.Key));
    private readonly Dictionary<string, Counter> counters = counters.ToDictionary(c => c.Key);
    private int openHolds = openHolds;

    public Guid WalletId { get; } = walletId;

    public IReadOnlyCollection<LedgerAccount> Accounts => accounts.Values;

    /// <summary>Rows that the commands so far have made; the caller writes and clears them.</summary>
    public List<Transfer> NewTransfers { get; } = [];

    public List<LedgerAccount> NewAccounts { get; } = [];

    public List<Hold> NewHolds { get; } = [];

    public List<Counter> NewCounters { get; } = [];

    /// <param name="hold">The hold that the command names, with its pending transfers; null when there is none.</param>
    public Outcome<LedgerResult> Apply(LedgerCommand command, HeldTransfers? hold, DateTimeOffset now) => command switch
    {
        Move move => Apply(move, now),
        Draw draw => Apply(draw, now),
        HoldPrompt prompt => Apply(prompt, hold, now),
        SettlePrompt settle => Apply(settle, hold, now),
        PostHold => Post(hold, now),
        VoidHold => Release(hold, HoldState.Voided, now),
        ExpireHold => Expire(hold, now),
        BookExpiry => ExpireAccounts(now),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "no such command"),
    };

    /// <summary>What can be drawn now from these codes, in <paramref name="unit"/>.</summary>
    public long Available(Unit unit, IReadOnlyList<string> codes, Guid? subject, DateTimeOffset now) =>
        Sources(unit, codes, subject, now).Sum(Free);

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

        if (move.Legs.Any(l => Overflows(l.Debit, l.Amount) || Overflows(l.Credit, l.Amount)))
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
        if (draw.Amount <= 0)
        {
            return new Refusal("amount.invalid");
        }

        var taken = Take(draw.Unit, draw.Amount, draw.From, draw.FromSubject, now);
        var sum = taken.Sum(t => t.Amount);
        if (sum < draw.Amount)
        {
            return Short(draw.Unit, draw.Amount, sum);
        }

        if (draw.HoldId is { } holdId)
        {
            NewHolds.Add(new Hold { Id = holdId, WalletId = WalletId, CreatedAt = now });
        }

        foreach (var (source, amount) in taken)
        {
            var target = Open(draw.KeepExpiry ? draw.To with { ExpiresAt = source.ExpiresAt } : draw.To);
            var kind = draw.HoldId is null ? TransferKind.Immediate : TransferKind.Pending;
            Book(kind, source, target, amount, draw.Code, draw.Reference, now, draw.HoldId);
        }

        return new LedgerResult([.. taken.Select(PartOf)]);
    }

    /// <summary>Takes up to <paramref name="amount"/> from the codes in order; what expires soonest first. Nothing is booked.</summary>
    private List<(LedgerAccount Source, long Amount)> Take(Unit unit, long amount, IReadOnlyList<string> codes, Guid? subject, DateTimeOffset now)
    {
        var taken = new List<(LedgerAccount, long)>();
        foreach (var source in Sources(unit, codes, subject, now))
        {
            var part = Math.Min(amount, Free(source));
            if (part > 0)
            {
                taken.Add((source, part));
                amount -= part;
            }
        }

        return taken;
    }

    private IEnumerable<LedgerAccount> Sources(Unit unit, IReadOnlyList<string> codes, Guid? subject, DateTimeOffset now) =>
        from code in codes
        from account in accounts.Values
            .Where(a => a.Code == code && a.Unit == unit && (subject is null || a.SubjectId == subject) && (a.ExpiresAt is null || a.ExpiresAt > now))
            .OrderBy(a => a.ExpiresAt ?? DateTimeOffset.MaxValue).ThenBy(a => a.Key, StringComparer.Ordinal)
        select account;

    private long FreeOf(AccountRef name) => Find(name) is { } account ? Free(account) : 0;

    private bool Overflows(AccountRef name, long amount) => Math.Abs((Find(name)?.Balance ?? 0m)) + amount > long.MaxValue;

    private LedgerAccount? Find(AccountRef name) => accounts.GetValueOrDefault((name.Code, name.Unit, name.Key));

    private LedgerAccount Open(AccountRef name)
    {
        if (Find(name) is { } account)
        {
            return account;
        }

        account = name.Open(WalletId);
        accounts.Add((account.Code, account.Unit, account.Key), account);
        NewAccounts.Add(account);
        return account;
    }

    private void Book(
        TransferKind kind, LedgerAccount debit, LedgerAccount credit, long amount, string code, string reference, DateTimeOffset now,
        Guid? holdId = null, Transfer? pending = null)
    {
        NewTransfers.Add(new Transfer
        {
            WalletId = WalletId, Kind = kind, Debit = debit, Credit = credit, Amount = amount, Code = code, Reference = reference, At = now,
            HoldId = holdId, Pending = pending,
        });
        if (kind == TransferKind.Pending)
        {
            debit.Held = checked(debit.Held + amount);
            return;
        }

        debit.Held -= pending?.Amount ?? 0;
        debit.Balance = checked(debit.Balance - amount);
        credit.Balance = checked(credit.Balance + amount);
    }

    private static Part PartOf((LedgerAccount Source, long Amount) taken) =>
        new(taken.Source.Code, taken.Source.Unit, taken.Amount, taken.Source.ExpiresAt);

    private static Refusal Short(Unit unit, decimal needed, decimal available) => unit == Unit.Money
        ? new Refusal("funds.short", Yuan(needed), Yuan(available))
        : new Refusal(unit == Unit.Tokens ? "quota.short.tokens" : "quota.short.images", Whole(needed), Whole(available));

    private static string Yuan(decimal nanos) => (nanos / Money.NanosPerUnit).ToString("0.00#######", System.Globalization.CultureInfo.InvariantCulture);

    private static string Whole(decimal units) => units.ToString("0", System.Globalization.CultureInfo.InvariantCulture);
}
