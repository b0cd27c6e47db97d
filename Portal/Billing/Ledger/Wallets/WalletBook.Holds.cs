using Portal.Billing.Rating;
using Portal.Data;
using Portal.Data.Billing;
using Portal.Data.Usage;

namespace Portal.Billing.Ledger.Wallets;

// How a prompt is held, settled and released.
public sealed partial class WalletBook
{
    private static readonly string[] QuotaOrder = [LedgerCodes.Allowance, LedgerCodes.Pool];
    private static readonly string[] MoneyOrder = [LedgerCodes.CreditGranted, LedgerCodes.CreditPurchased, LedgerCodes.Postpaid];
    private static readonly string[] SeatCode = [LedgerCodes.Seat];

    private Outcome<LedgerResult> Apply(HoldPrompt command, DateTimeOffset now)
    {
        if (IsOpen(command.HoldId))
        {
            return new Refusal("request.duplicate");
        }

        if (command.MaxConcurrent is { } most && holds.Values.Count(h => h.Quote is not null) >= most)
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

        var terms = TermsText.Of(command.Terms);
        quote = quote with { TermsKey = terms.Key };

        var hold = new Hold
        {
            Id = command.HoldId, WalletId = WalletId, CreatedAt = now, ExpiresAt = command.ExpiresAt, Quote = LedgerJson.Write(quote),
        };
        var pending = new Transfer[taken.Count];
        for (var part = 0; part < pending.Length; part++)
        {
            var (source, amount) = taken[part];
            pending[part] = Reserve(source, Open(Sink(source.Unit)), amount, TransferCodes.Prompt, "", now, command.HoldId, part);
        }

        Keep(hold, pending, quote);
        HoldCaps(quote);
        rows.Terms.TryAdd(terms.Key, terms.Json);
        return new LedgerResult(quote.Parts, quote);
    }

    /// <summary>What a prompt would hold now: the preview's figure and the hold's own, by the same lines.</summary>
    public HoldQuote QuoteOf(HoldPrompt command, DateTimeOffset now, out List<(LedgerAccount Source, long Amount)> taken, out Refusal? missing)
    {
        var unit = command.WorstCase.Unit;
        var units = command.WorstCase.QuotaUnits(command.Terms);
        var tiers = TierCounter(unit, command.Windows);
        taken = [];
        var covered = TakeQuota(taken, unit, units, command.By.MembershipId, command.SeatOnly, now);
        var price = Rater.Price(command.Terms, command.WorstCase, TierPosition(tiers), covered);
        var paid = command.SeatOnly ? 0 : Take(taken, Unit.Money, price.AmountNanos, MoneyOrder, null, now);
        var held = CapsOf(command, price, out missing);
        missing ??= command.SeatOnly && covered < units
            ? new Refusal(unit == Unit.Tokens ? "seat.short.tokens" : "seat.short.images", Whole(units), Whole(covered))
            : paid < price.AmountNanos ? Short(Unit.Money, price.AmountNanos, paid) : null;
        return new HoldQuote(command.Terms, "", command.WorstCase, price, taken.ConvertAll(PartOf), tiers, command.SeatOnly, command.By, held);
    }

    private Outcome<LedgerResult> Resolve(HoldCommand command, HeldTransfers held, DateTimeOffset now) => command switch
    {
        SettlePrompt settle when held.Quote is { } quote => Settle(settle, held, quote, now),
        SettlePrompt => new Refusal("hold.no-prompt"),
        PostHold when held.Quote is null => Post(held, now),
        PostHold => new Refusal("hold.prompt"),
        VoidHold => Release(held, HoldState.Voided, now),
        ExpireHold when held.Hold.ExpiresAt is not { } end || end > now => new Refusal("hold.not-expired"),
        ExpireHold => Release(held, HoldState.Expired, now),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "no such command"),
    };

    private Outcome<LedgerResult> Settle(SettlePrompt command, HeldTransfers held, HoldQuote quote, DateTimeOffset now)
    {
        var usage = command.Usage;
        if (usage.Unit != quote.WorstCase.Unit || usage.InputTokens < 0 || usage.OutputTokens < 0 || usage.Images < 0)
        {
            return new Refusal("amount.invalid");
        }

        if (!Rater.Fits(quote.Terms, usage))
        {
            return new Refusal("amount.too-large");
        }

        var parts = new List<Part>();
        var units = usage.QuotaUnits(quote.Terms);
        var covered = PostUpTo(held, money: false, units, parts, now);
        covered += TakeMore(quote, usage.Unit, units - quote.WorstCase.QuotaUnits(quote.Terms), held.Hold, parts, now);

        // The position is read now, not at the hold: of two prompts over a tier's edge the one that settles first is the first.
        var price = Rater.Price(quote.Terms, usage, TierPosition(quote.TierCounter), covered);
        var paid = PostUpTo(held, money: true, price.AmountNanos, parts, now);
        paid += TakeMore(quote, Unit.Money, price.AmountNanos - paid, held.Hold, parts, now);

        if (price.PaidUnits > 0)
        {
            var tier = CounterOf(quote.TierCounter);
            tier.Used = checked(tier.Used + price.PaidUnits);
        }

        SettleCaps(quote, usage, paid);
        Close(held.Hold, HoldState.Posted, now);
        var receipt = new Receipt(
            held.Hold.Id, now, usage, covered, price, parts, quote.Terms.RateCardVersion, quote.Terms.Model, quote.Terms.Plan, price.AmountNanos - paid);
        Record(receipt, quote.By, command.End);
        return new LedgerResult(parts, Receipt: receipt);
    }

    private void Record(Receipt receipt, Spender by, PromptEnd end)
    {
        var usage = receipt.Usage;
        rows.AddUsage(new UsageRecord
        {
            Id = receipt.HoldId, AccountId = WalletId, ProjectId = by.ProjectId, PersonId = by.PersonId, MembershipId = by.MembershipId, ApiKeyId = by.ApiKeyId,
            Model = receipt.Model, Unit = usage.Unit, InputTokens = usage.InputTokens, OutputTokens = usage.OutputTokens,
            Images = usage.Unit == Unit.Images ? receipt.CoveredUnits + receipt.Price.PaidUnits : 0, CoveredUnits = receipt.CoveredUnits,
            ChargedNanos = receipt.ChargedNanos, UncollectedNanos = receipt.UncollectedNanos, ListNanos = receipt.Price.ListNanos, At = receipt.At,
            DurationMs = end.DurationMs, Finish = end.Finish, Receipt = LedgerJson.Write(receipt),
        });
        if (end.Reply is { } reply)
        {
            rows.Outcomes.Add(new IdempotencyRecord
            {
                WalletId = WalletId, Key = reply.Key, RequestHash = reply.RequestHash, Outcome = reply.Reply, CreatedAt = receipt.At,
            });
        }
    }

    /// <summary>Posts the held transfers of money, or of quota, until <paramref name="amount"/> is reached; releases what is over.</summary>
    private long PostUpTo(HeldTransfers held, bool money, long amount, List<Part> parts, DateTimeOffset now)
    {
        var posted = 0L;
        foreach (var pending in held.Pending)
        {
            if (pending.Debit.Unit == Unit.Money != money)
            {
                continue;
            }

            var part = Math.Min(amount - posted, pending.Amount);
            Answer(part > 0 ? TransferKind.Post : TransferKind.Void, pending, part, now);
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

        var taken = new List<(LedgerAccount Source, long Amount)>();
        var found = unit == Unit.Money
            ? Take(taken, Unit.Money, amount, MoneyOrder, null, now)
            : TakeQuota(taken, unit, amount, quote.By.MembershipId, quote.SeatOnly, now);
        foreach (var (source, part) in taken)
        {
            Book(TransferKind.Immediate, source, Open(Sink(unit)), part, TransferCodes.Prompt, "", now, hold.Id);
            parts.Add(PartOf((source, part)));
        }

        return found;
    }

    private LedgerResult Post(HeldTransfers held, DateTimeOffset now)
    {
        var parts = new List<Part>();
        foreach (var pending in held.Pending)
        {
            Answer(TransferKind.Post, pending, pending.Amount, now);
            parts.Add(PartOf((pending.Debit, pending.Amount)));
        }

        Close(held.Hold, HoldState.Posted, now);
        return new LedgerResult(parts);
    }

    private LedgerResult Release(HeldTransfers held, HoldState state, DateTimeOffset now)
    {
        foreach (var pending in held.Pending)
        {
            Answer(state == HoldState.Expired ? TransferKind.Expire : TransferKind.Void, pending, 0, now);
        }

        if (held.Quote is { } quote)
        {
            SettleCaps(quote, null, 0);
        }

        Close(held.Hold, state, now);
        return new LedgerResult([]);
    }

    /// <summary>The row that resolves a pending transfer: moves the amount and releases all that was held.</summary>
    private void Answer(TransferKind kind, Transfer pending, long amount, DateTimeOffset now) =>
        Book(kind, pending.Debit, pending.Credit, amount, pending.Code, pending.Reference, now, pending.HoldId, pending.Part, pending.Amount);

    private void Keep(Hold hold, IReadOnlyList<Transfer> pending, HoldQuote? quote)
    {
        var held = new HeldTransfers(hold, pending, quote);
        holds.Add(hold.Id, held);
        rows.Holds.Add(held);
    }

    private void Close(Hold hold, HoldState state, DateTimeOffset now)
    {
        hold.State = state;
        hold.ResolvedAt = now;
        holds.Remove(hold.Id);
        rows.Resolved.Add(hold);
    }

    private long TakeQuota(List<(LedgerAccount, long)> taken, Unit unit, long units, Guid seat, bool seatOnly, DateTimeOffset now)
    {
        var found = Take(taken, unit, units, SeatCode, seat, now);
        return seatOnly ? found : found + Take(taken, unit, units - found, QuotaOrder, null, now);
    }

    private static AccountRef Sink(Unit unit) => new(unit == Unit.Money ? LedgerCodes.RevenueUsage : LedgerCodes.Used, unit);

    /// <summary>Tiers count by unit and calendar month.</summary>
    private static string TierCounter(Unit unit, UsageWindows windows) => $"{UsageWindows.TierCounters}{(unit == Unit.Tokens ? "tokens" : "images")}:{windows.Month}";

    private long TierPosition(string key) => counters.TryGetValue(key, out var counter) ? counter.Used : 0;
}
