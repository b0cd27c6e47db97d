using Portal.Billing.Rating;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Ledger.Wallets;

// The most that parts of a wallet may use: counted with the hold, corrected by the settle.
public sealed partial class WalletBook
{
    private static readonly IReadOnlyList<CapPart> NoCaps = [];

    private Outcome<LedgerResult> Apply(SetCap command)
    {
        if (command.Limit < 0)
        {
            return new Refusal("amount.invalid");
        }

        var cap = caps.Find(c => c.SubjectId == command.SubjectId && c.Meter == command.Meter && c.Window == command.Window);
        if (cap is null)
        {
            cap = new Cap { WalletId = WalletId, SubjectId = command.SubjectId, Meter = command.Meter, Window = command.Window };
            caps.Add(cap);
        }

        cap.Limit = command.Limit;
        rows.Caps.Add(cap);
        return new LedgerResult([]);
    }

    private Outcome<LedgerResult> Apply(GiveBack back, DateTimeOffset now)
    {
        if (back.Counts.Any(c => c.Value <= 0 || (counters.GetValueOrDefault(c.Key)?.Used ?? 0) < c.Value))
        {
            return new Refusal("amount.invalid");
        }

        var moved = Apply(new Move(back.WalletId, back.Key, back.Reference, back.Legs), now);
        foreach (var (counter, amount) in moved.IsDone(out _) ? back.Counts : [])
        {
            CounterOf(counter).Used -= amount;
        }

        return moved;
    }

    /// <summary>What a prompt reserves in each counter that limits it, or the refusal of the cap that has the least left.</summary>
    private IReadOnlyList<CapPart> CapsOf(HoldPrompt command, PricedUsage price, out Refusal? reached)
    {
        reached = null;
        if (caps.Count == 0)
        {
            return NoCaps;
        }

        var parts = new List<CapPart>();
        var least = long.MaxValue;
        foreach (var cap in caps)
        {
            if (ScopeOf(cap, command.By) is not { } scope)
            {
                continue;
            }

            // A cap without a limit counts on, so that one set again later knows what its window has used.
            var limit = cap.Limit ?? long.MaxValue;
            var amount = Measure(cap.Meter, command.WorstCase, command.Terms, price.AmountNanos);
            var part = new CapPart(command.Windows.CounterOf(cap.SubjectId, cap.Meter, cap.Window), cap.Meter, amount, limit);
            var counter = counters.GetValueOrDefault(part.Counter);
            var left = limit - (counter?.Used ?? 0) - (counter?.Held ?? 0);
            if (amount > 0 && amount > left && left < least)
            {
                least = left;
                reached = CapReached(cap.Meter, scope, command.Windows.EndOf(cap.Window), amount, Math.Max(0, left));
            }

            // A quota may pay for all of the worst case and money for what outruns it: that counts too.
            if (amount > 0 || cap.Meter == CapMeter.Money)
            {
                parts.Add(part);
            }
        }

        return parts;
    }

    private void HoldCaps(HoldQuote quote)
    {
        foreach (var part in quote.Caps)
        {
            var counter = CounterOf(part.Counter);
            counter.Held = checked(counter.Held + part.Amount);
            counter.Limit = Math.Max(part.Limit, checked(counter.Used + counter.Held));
        }
    }

    /// <param name="usage">What was used in the end; null: nothing.</param>
    private void SettleCaps(HoldQuote quote, MeteredUsage? usage, long paidNanos)
    {
        foreach (var part in quote.Caps)
        {
            var counter = CounterOf(part.Counter);
            counter.Held -= part.Amount;
            counter.Used = checked(counter.Used + (usage is null ? 0 : Measure(part.Meter, usage, quote.Terms, paidNanos)));

            // A model that outran its hold was paid for: the count says so, whatever the cap was.
            counter.Limit = Math.Max(counter.Limit ?? 0, checked(counter.Used + counter.Held));
        }
    }

    private static long Measure(CapMeter meter, MeteredUsage usage, Catalog.PriceTerms terms, long nanos) => meter switch
    {
        CapMeter.Money => nanos,
        CapMeter.Tokens => usage.Unit == Unit.Tokens ? usage.Tokens : 0,
        CapMeter.Images => usage.Unit == Unit.Images ? usage.QuotaUnits(terms) : 0,
        _ => throw new ArgumentOutOfRangeException(nameof(meter), meter, "no such meter"),
    };

    /// <returns>What the cap limits, as refusals name it; null: not this spender.</returns>
    private string? ScopeOf(Cap cap, Spender by) =>
        cap.SubjectId == WalletId ? "account"
        : cap.SubjectId == by.ProjectId ? "project"
        : cap.SubjectId == by.ApiKeyId ? "key"
        : cap.SubjectId == by.MembershipId ? "seat" : null;

    private static Refusal CapReached(CapMeter meter, string scope, string? resets, long needed, long left)
    {
        var (code, text) = meter switch
        {
            CapMeter.Money => ("cap.money", (Func<decimal, string>)Yuan),
            CapMeter.Tokens => ("cap.tokens", Whole),
            _ => ("cap.images", Whole),
        };
        return new Refusal(
            code, text(needed), text(left), $"{Refusal.Word}cap.of.{scope}", $"{Refusal.Word}{(resets is null ? "cap.stays" : "cap.resets")}", resets ?? "",
            $"{Refusal.Word}cap.raise.{scope}");
    }

    private Counter CounterOf(string key)
    {
        if (!counters.TryGetValue(key, out var counter))
        {
            counter = new Counter { WalletId = WalletId, Key = key };
            counters.Add(key, counter);
        }

        rows.Counters.Add(counter);
        return counter;
    }
}
