using System.Text.Json;
using Portal.Billing.Rating;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Ledger;

// How a prompt is held, settled and released.
public sealed partial class WalletBook
{
    /// <summary>The code of every transfer of a prompt.</summary>
    public const string PromptCode = "prompt";

    private static readonly string[] QuotaOrder = [LedgerCodes.Allowance, LedgerCodes.Pool];
    private static readonly string[] MoneyOrder = [LedgerCodes.CreditGranted, LedgerCodes.CreditPurchased, LedgerCodes.Postpaid];
    private static readonly string[] SeatCode = [LedgerCodes.Seat];

    private Outcome<LedgerResult> Apply(HoldPrompt command, HeldTransfers? existing, DateTimeOffset now)
    {
        if (existing is not null)
        {
            return new Refusal("request.duplicate");
        }

        if (command.MaxConcurrent is { } most && openHolds >= most)
        {
            return new Refusal("concurrency.full", Whole(most));
        }

        if (command.WorstCase is { Tokens: 0, Images: 0 } or { InputTokens: < 0 } or { OutputTokens: < 0 } or { Images: < 0 })
        {
            return new Refusal("amount.invalid");
        }

        if (!Rater.Fits(command.Terms, command.WorstCase))
        {
            return new Refusal("amount.too-large");
        }

        var quote = QuoteOf(command, now, out var taken, out var missing);
        if (missing is not null)
        {
            return missing;
        }

        NewHolds.Add(new Hold
        {
            Id = command.HoldId, WalletId = WalletId, CreatedAt = now, ExpiresAt = command.ExpiresAt, Quote = JsonSerializer.Serialize(quote),
        });
        openHolds++;
        foreach (var (source, amount) in taken)
        {
            Book(TransferKind.Pending, source, Open(Sink(source.Unit)), amount, PromptCode, command.HoldId.ToString("N"), now, command.HoldId);
        }

        return new LedgerResult(quote.Parts, quote);
    }

    /// <summary>What a prompt would hold now: the preview's figure and the hold's own, by the same lines.</summary>
    public HoldQuote QuoteOf(HoldPrompt command, DateTimeOffset now, out List<(LedgerAccount Source, long Amount)> taken, out Refusal? missing)
    {
        var units = command.WorstCase.QuotaUnits(command.Terms);
        taken = TakeQuota(command.WorstCase.Unit, units, command.SeatId, command.SeatOnly, now);
        var covered = taken.Sum(t => t.Amount);
        var price = Rater.Price(command.Terms, command.WorstCase, TierPosition(command.TierCounter), covered);
        var money = command.SeatOnly ? [] : Take(Unit.Money, price.AmountNanos, MoneyOrder, null, now);
        var paid = money.Sum(m => m.Amount);
        missing = command.SeatOnly && covered < units
            ? new Refusal(command.WorstCase.Unit == Unit.Tokens ? "seat.short.tokens" : "seat.short.images", Whole(units), Whole(covered))
            : paid < price.AmountNanos ? Short(Unit.Money, price.AmountNanos, paid) : null;
        taken.AddRange(money);
        return new HoldQuote(command.Terms, command.WorstCase, price, [.. taken.Select(PartOf)], command.TierCounter, command.SeatOnly, command.SeatId);
    }

    private Outcome<LedgerResult> Apply(SettlePrompt command, HeldTransfers? held, DateTimeOffset now)
    {
        if (Unresolved(held) is { } refusal)
        {
            return refusal;
        }

        var quote = JsonSerializer.Deserialize<HoldQuote>(held!.Hold.Quote ?? throw new InvalidOperationException("a held draw is posted, not settled"))!;
        if (command.Usage.Unit != quote.WorstCase.Unit || command.Usage.InputTokens < 0 || command.Usage.OutputTokens < 0 || command.Usage.Images < 0)
        {
            return new Refusal("amount.invalid");
        }

        var parts = new List<Part>();
        var units = command.Usage.QuotaUnits(quote.Terms);
        var covered = PostUpTo(held, p => p.Debit.Unit != Unit.Money, units, parts, now);
        covered += TakeMore(quote, command.Usage.Unit, units - quote.WorstCase.QuotaUnits(quote.Terms), held.Hold, parts, now);

        // The position is read now, not at the hold: of two prompts over a tier's edge the one that settles first is the first.
        var price = Rater.Price(quote.Terms, command.Usage, TierPosition(quote.TierCounter), covered);
        var paid = PostUpTo(held, p => p.Debit.Unit == Unit.Money, price.AmountNanos, parts, now);
        paid += TakeMore(quote, Unit.Money, price.AmountNanos - paid, held.Hold, parts, now);

        AdvanceTier(quote.TierCounter, price.PaidUnits);
        Resolve(held.Hold, HoldState.Posted, now);
        var receipt = new Receipt(
            held.Hold.Id, now, command.Usage, covered, price, parts, quote.Terms.RateCardVersion, quote.Terms.Model, quote.Terms.Plan, price.AmountNanos - paid);
        return new LedgerResult(parts, Receipt: receipt);
    }

    /// <summary>Posts the held transfers of a kind until <paramref name="amount"/> is reached; releases what is over.</summary>
    private long PostUpTo(HeldTransfers held, Func<Transfer, bool> which, long amount, List<Part> parts, DateTimeOffset now)
    {
        var posted = 0L;
        foreach (var pending in held.Pending.Where(which))
        {
            var part = Math.Min(amount - posted, pending.Amount);
            Book(part > 0 ? TransferKind.Post : TransferKind.Void, pending.Debit, pending.Credit, part, pending.Code, pending.Reference, now, held.Hold.Id, pending);
            if (part > 0)
            {
                parts.Add(PartOf((pending.Debit, part)));
                posted += part;
            }
        }

        return posted;
    }

    /// <summary>Usage outran its hold: takes the rest from what is free, on the burn order.</summary>
    private long TakeMore(HoldQuote quote, Unit unit, long amount, Hold hold, List<Part> parts, DateTimeOffset now)
    {
        if (amount <= 0 || (unit == Unit.Money && quote.SeatOnly))
        {
            return 0;
        }

        var taken = unit == Unit.Money
            ? Take(Unit.Money, amount, MoneyOrder, null, now)
            : TakeQuota(unit, amount, quote.SeatId, quote.SeatOnly, now);
        foreach (var (source, part) in taken)
        {
            Book(TransferKind.Immediate, source, Open(Sink(unit)), part, PromptCode, hold.Id.ToString("N"), now, hold.Id);
            parts.Add(PartOf((source, part)));
        }

        return taken.Sum(t => t.Amount);
    }

    private Outcome<LedgerResult> Post(HeldTransfers? held, DateTimeOffset now)
    {
        if (Unresolved(held) is { } refusal)
        {
            return refusal;
        }

        var parts = new List<Part>();
        PostUpTo(held!, _ => true, long.MaxValue, parts, now);
        Resolve(held!.Hold, HoldState.Posted, now);
        return new LedgerResult(parts);
    }

    private Outcome<LedgerResult> Expire(HeldTransfers? held, DateTimeOffset now) =>
        held is { Hold: { State: HoldState.Open } hold } && (hold.ExpiresAt is not { } end || end > now)
            ? new Refusal("hold.not-expired")
            : Release(held, HoldState.Expired, now);

    private Outcome<LedgerResult> Release(HeldTransfers? held, HoldState state, DateTimeOffset now)
    {
        if (Unresolved(held) is { } refusal)
        {
            return refusal;
        }

        foreach (var pending in held!.Pending)
        {
            var kind = state == HoldState.Expired ? TransferKind.Expire : TransferKind.Void;
            Book(kind, pending.Debit, pending.Credit, 0, pending.Code, pending.Reference, now, held.Hold.Id, pending);
        }

        Resolve(held.Hold, state, now);
        return new LedgerResult([]);
    }

    private LedgerResult ExpireAccounts(DateTimeOffset now)
    {
        var parts = new List<Part>();
        foreach (var account in accounts.Values.Where(a => a.ExpiresAt <= now && a.Floor == 0 && Free(a) > 0).ToList())
        {
            var part = (account, Free(account));
            Book(TransferKind.Immediate, account, Open(new AccountRef(LedgerCodes.Issued, account.Unit)), part.Item2, "expire", account.Key, now);
            parts.Add(PartOf(part));
        }

        return new LedgerResult(parts);
    }

    private static Refusal? Unresolved(HeldTransfers? held) => held switch
    {
        null => Refusal.NotFound,
        { Hold.State: not HoldState.Open } => new Refusal("hold.resolved"),
        _ => null,
    };

    private void Resolve(Hold hold, HoldState state, DateTimeOffset now)
    {
        hold.State = state;
        hold.ResolvedAt = now;
        openHolds -= hold.Quote is null ? 0 : 1;
    }

    private List<(LedgerAccount Source, long Amount)> TakeQuota(Unit unit, long units, Guid seat, bool seatOnly, DateTimeOffset now)
    {
        var taken = Take(unit, units, SeatCode, seat, now);
        if (!seatOnly)
        {
            taken.AddRange(Take(unit, units - taken.Sum(t => t.Amount), QuotaOrder, null, now));
        }

        return taken;
    }

    private static AccountRef Sink(Unit unit) => new(unit == Unit.Money ? LedgerCodes.RevenueUsage : LedgerCodes.Used, unit);

    private long TierPosition(string key) => counters.TryGetValue(key, out var counter) ? counter.Used : 0;

    private void AdvanceTier(string key, long units)
    {
        if (units == 0)
        {
            return;
        }

        if (!counters.TryGetValue(key, out var counter))
        {
            counter = new Counter { WalletId = WalletId, Key = key };
            counters.Add(key, counter);
            NewCounters.Add(counter);
        }

        counter.Used = checked(counter.Used + units);
    }
}
