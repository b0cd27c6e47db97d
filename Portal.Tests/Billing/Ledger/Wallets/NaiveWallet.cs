using Portal.Billing.Ledger;
using Portal.Billing.Rating;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Tests.Billing.Ledger.Wallets;

/// <summary>
/// The rules of a wallet once more, as plainly as they can be put: no balances, no counters, only lists of what happened, and every figure is a sum
/// over all of it. Prices are those of <see cref="NaiveTerms"/>.
/// </summary>
internal sealed class NaiveWallet(Guid id)
{
    private static readonly string[] Quota = [LedgerCodes.Allowance, LedgerCodes.Pool];
    private static readonly string[] Funds = [LedgerCodes.CreditGranted, LedgerCodes.CreditPurchased, LedgerCodes.Postpaid];

    private readonly List<(AccountRef From, AccountRef To, long Amount)> moved = [];
    private readonly List<NaiveHold> holds = [];
    private readonly List<(Guid Subject, CapMeter Meter, CapWindow Window, long? Limit)> caps = [];
    private long? postpaid;

    public IEnumerable<AccountRef> Names => moved.SelectMany(m => new[] { m.From, m.To })
        .Concat(holds.SelectMany(h => h.Takes).SelectMany(t => new[] { t.From, t.To }))
        .Concat(postpaid is null ? [] : [new AccountRef(LedgerCodes.Postpaid, Unit.Money)]).Distinct();

    public IEnumerable<Guid> OpenHolds => holds.Where(h => h.State == HoldState.Open).Select(h => h.Id);

    public decimal BalanceOf(AccountRef name) => moved.Sum(m => (m.To == name ? m.Amount : 0m) - (m.From == name ? m.Amount : 0m));

    public decimal HeldOf(AccountRef name) =>
        holds.Where(h => h.State == HoldState.Open).SelectMany(h => h.Takes).Where(t => t.From == name && t.Held).Sum(t => (decimal)t.Amount);

    public long TierOf(Unit unit, string month) => holds.Where(h => h.State == HoldState.Posted && h.Prompt?.WorstCase.Unit == unit && h.Prompt.Windows.Month == month).Sum(h => h.PaidUnits);

    /// <summary>What holds made under a cap have used and still hold of it in one of its windows.</summary>
    public (long Used, long Held) CountOf(Guid subject, CapMeter meter, string window)
    {
        var counted = holds.SelectMany(h => h.Caps.Where(c => (c.Subject, c.Meter, c.Window) == (subject, meter, window)).Select(c => (Hold: h, Cap: c))).ToList();
        return (counted.Where(c => c.Hold.State == HoldState.Posted).Sum(c => Measure(meter, c.Hold.Usage!, c.Hold.PaidNanos)),
            counted.Where(c => c.Hold.State == HoldState.Open).Sum(c => c.Cap.Amount));
    }

    public NaiveOutcome Apply(LedgerCommand command, DateTimeOffset now)
    {
        var hold = command is HoldCommand on ? holds.Find(h => h.Id == on.HoldId) : null;
        return command switch
        {
            Move move => Apply(move),
            Draw draw => Apply(draw, now),
            HoldPrompt prompt => hold is null ? Apply(prompt, now) : "request.duplicate",
            HoldCommand when hold is null => "not-found",
            HoldCommand when hold.State != HoldState.Open => "hold.resolved",
            SettlePrompt settle => hold.Prompt is null ? "hold.no-prompt" : Apply(settle, hold, hold.Prompt, now),
            PostHold => hold.Prompt is null ? Post(hold) : "hold.prompt",
            VoidHold => Release(hold, HoldState.Voided),
            ExpireHold => hold.Prompt is { } prompt && prompt.ExpiresAt <= now ? Release(hold, HoldState.Expired) : "hold.not-expired",
            BookExpiry => Expire(now),
            SetCap cap => Apply(cap),
            SetPostpaidLimit limit => Apply(limit),
            _ => throw new ArgumentOutOfRangeException(nameof(command)),
        };
    }

    private NaiveOutcome Apply(Move move)
    {
        if (move.Legs.Any(l => l.Amount <= 0 || l.Debit.Unit != l.Credit.Unit)) return "amount.invalid";
        foreach (var source in move.Legs.Select(l => l.Debit).Where(IsOwned).Distinct())
            if (move.Legs.Where(l => l.Debit == source).Sum(l => (decimal)l.Amount) > FreeOf(source)) return Short(source.Unit);

        foreach (var name in move.Legs.SelectMany(l => new[] { l.Debit, l.Credit }).Distinct())
        {
            var after = BalanceOf(name) + move.Legs.Sum(l => (l.Credit == name ? l.Amount : 0m) - (l.Debit == name ? l.Amount : 0m));
            if (Math.Abs(after) > long.MaxValue) return "amount.too-large";
        }

        moved.AddRange(move.Legs.Select(l => (l.Debit, l.Credit, l.Amount)));
        return new NaiveOutcome([.. move.Legs.Select(l => (l.Debit, l.Amount))]);
    }

    private NaiveOutcome Apply(Draw draw, DateTimeOffset now)
    {
        if (draw.Amount <= 0) return "amount.invalid";
        var taken = Take(draw.Unit, draw.Amount, draw.From, draw.FromSubject, now);
        if (taken.Sum(t => t.Amount) < draw.Amount) return Short(draw.Unit);
        if (draw.HoldId is { } open && OpenHolds.Contains(open)) return "request.duplicate";
        var takes = taken.ConvertAll(t => new NaiveTake(t.From, draw.KeepExpiry ? draw.To with { ExpiresAt = t.From.ExpiresAt } : draw.To, t.Amount));
        if (draw.HoldId is { } hold)
            holds.Add(new NaiveHold(hold, null, takes, []));
        else
            moved.AddRange(takes.Select(t => (t.From, t.To, t.Amount)));
        return new NaiveOutcome(taken);
    }

    private NaiveOutcome Apply(HoldPrompt prompt, DateTimeOffset now)
    {
        if (prompt.MaxConcurrent is { } most && holds.Count(h => h.State == HoldState.Open && h.Prompt is not null) >= most) return "concurrency.full";
        var units = Units(prompt.WorstCase);
        if (units <= 0) return "amount.invalid";
        var quota = TakeQuota(prompt, units, now);
        var covered = quota.Sum(t => t.Amount);
        var price = NaiveTerms.Price(prompt.WorstCase.Unit, TierOf(prompt.WorstCase.Unit, prompt.Windows.Month), units - covered);
        var money = prompt.SeatOnly ? [] : Take(Unit.Money, price, Funds, null, now);

        var inForce = caps.Where(c => c.Subject == id || c.Subject == prompt.By.ProjectId || c.Subject == prompt.By.ApiKeyId || c.Subject == prompt.By.MembershipId)
            .Select(c => (Cap: c, Window: WindowOf(c.Window, prompt.Windows), Amount: Measure(c.Meter, prompt.WorstCase, price)))
            .Select(c => (c.Cap, c.Window, c.Amount, Left: (c.Cap.Limit ?? long.MaxValue) - CountOf(c.Cap.Subject, c.Cap.Meter, c.Window).Used - CountOf(c.Cap.Subject, c.Cap.Meter, c.Window).Held)).ToList();
        var reached = inForce.Where(c => c.Amount > 0 && c.Amount > c.Left).ToList();
        if (reached.Count > 0)
            return reached.MinBy(c => c.Left).Cap.Meter switch { CapMeter.Money => "cap.money", CapMeter.Tokens => "cap.tokens", _ => "cap.images" };

        if (prompt.SeatOnly && covered < units) return prompt.WorstCase.Unit == Unit.Tokens ? "seat.short.tokens" : "seat.short.images";
        if (money.Sum(t => t.Amount) < price) return "funds.short";
        var takes = quota.Concat(money).Select(t => new NaiveTake(t.From, Sink(t.From.Unit), t.Amount));
        holds.Add(new NaiveHold(prompt.HoldId, prompt, [.. takes], [.. inForce.Select(c => (c.Cap.Subject, c.Cap.Meter, c.Window, c.Amount))]));
        return new NaiveOutcome([.. quota, .. money]) { Price = price };
    }

    private static string WindowOf(CapWindow window, UsageWindows windows) =>
        window switch { CapWindow.Day => $"day:{windows.Day}", CapWindow.Period => $"period:{windows.Period}", _ => "total" };

    private NaiveOutcome Apply(SettlePrompt settle, NaiveHold hold, HoldPrompt prompt, DateTimeOffset now)
    {
        var usage = settle.Usage;
        var units = Units(usage);
        if (usage.Unit != prompt.WorstCase.Unit || units < 0) return "amount.invalid";
        var parts = new List<(AccountRef, long)>();
        var covered = PostUpTo(hold, t => t.From.Unit != Unit.Money, units, parts);
        var beyond = units - Units(prompt.WorstCase);
        if (beyond > 0) covered += Pay(TakeQuota(prompt, beyond, now), parts);

        var price = NaiveTerms.Price(usage.Unit, TierOf(usage.Unit, prompt.Windows.Month), units - covered);
        var paid = PostUpTo(hold, t => t.From.Unit == Unit.Money, price, parts);
        if (!prompt.SeatOnly) paid += Pay(Take(Unit.Money, price - paid, Funds, null, now), parts);
        (hold.State, hold.Usage, hold.PaidNanos, hold.PaidUnits) = (HoldState.Posted, usage, paid, units - covered);
        return new NaiveOutcome(parts) { Price = price, Uncollected = price - paid };
    }

    private NaiveOutcome Post(NaiveHold hold)
    {
        var parts = new List<(AccountRef, long)>();
        PostUpTo(hold, _ => true, long.MaxValue, parts);
        hold.State = HoldState.Posted;
        return new NaiveOutcome(parts);
    }

    private static NaiveOutcome Release(NaiveHold hold, HoldState state)
    {
        hold.State = state;
        return new NaiveOutcome([]);
    }

    private NaiveOutcome Expire(DateTimeOffset now)
    {
        var over = Names.Where(n => IsOwned(n) && n.ExpiresAt <= now && FreeOf(n) > 0).Select(n => (n, (long)FreeOf(n))).ToList();
        moved.AddRange(over.Select(o => (o.n, new AccountRef(LedgerCodes.Issued, o.n.Unit), o.Item2)));
        return new NaiveOutcome(over);
    }

    private NaiveOutcome Apply(SetCap cap)
    {
        var place = caps.FindIndex(c => (c.Subject, c.Meter, c.Window) == (cap.SubjectId, cap.Meter, cap.Window));
        if (place < 0) caps.Add((cap.SubjectId, cap.Meter, cap.Window, cap.Limit));
        else caps[place] = (cap.SubjectId, cap.Meter, cap.Window, cap.Limit);
        return new NaiveOutcome([]);
    }

    private NaiveOutcome Apply(SetPostpaidLimit limit)
    {
        var account = new AccountRef(LedgerCodes.Postpaid, Unit.Money);
        if (limit.Nanos < 0) return "amount.invalid";
        if (HeldOf(account) - BalanceOf(account) > limit.Nanos) return "postpaid.in-use";
        postpaid = limit.Nanos;
        return new NaiveOutcome([]);
    }

    private long PostUpTo(NaiveHold hold, Func<NaiveTake, bool> which, long amount, List<(AccountRef, long)> parts)
    {
        var posted = 0L;
        foreach (var take in hold.Takes.Where(which))
        {
            var part = Math.Min(amount - posted, take.Amount);
            take.Held = false;
            if (part <= 0) continue;
            moved.Add((take.From, take.To, part));
            parts.Add((take.From, part));
            posted += part;
        }

        return posted;
    }

    private long Pay(List<(AccountRef From, long Amount)> taken, List<(AccountRef, long)> parts)
    {
        moved.AddRange(taken.Select(t => (t.From, Sink(t.From.Unit), t.Amount)));
        parts.AddRange(taken);
        return taken.Sum(t => t.Amount);
    }

    private List<(AccountRef From, long Amount)> TakeQuota(HoldPrompt prompt, long units, DateTimeOffset now)
    {
        var unit = prompt.WorstCase.Unit;
        var seat = Take(unit, units, [LedgerCodes.Seat], prompt.By.MembershipId, now);
        return prompt.SeatOnly ? seat : [.. seat, .. Take(unit, units - seat.Sum(t => t.Amount), Quota, null, now)];
    }

    private List<(AccountRef From, long Amount)> Take(Unit unit, long amount, IReadOnlyList<string> codes, Guid? subject, DateTimeOffset now)
    {
        var taken = new List<(AccountRef, long)>();
        var names = Names.ToList();
        foreach (var source in codes.SelectMany(code => names.Where(n => n.Code == code && n.Unit == unit).OrderBy(n => n.ExpiresAt ?? DateTimeOffset.MaxValue)))
        {
            var part = Math.Min(amount, FreeOf(source));
            if (part <= 0 || source.ExpiresAt <= now || (subject is not null && source.SubjectId != subject)) continue;
            taken.Add((source, (long)part));
            amount -= (long)part;
        }

        return taken;
    }

    private decimal FreeOf(AccountRef name) => BalanceOf(name) - HeldOf(name) + (name.Code == LedgerCodes.Postpaid ? postpaid ?? 0 : 0);

    private static bool IsOwned(AccountRef name) => name.Code is LedgerCodes.CreditPurchased or LedgerCodes.CreditGranted or LedgerCodes.Allowance
        or LedgerCodes.Seat or LedgerCodes.Pool or LedgerCodes.Postpaid;

    private static AccountRef Sink(Unit unit) => new(unit == Unit.Money ? LedgerCodes.RevenueUsage : LedgerCodes.Used, unit);

    private static string Short(Unit unit) => unit switch { Unit.Money => "funds.short", Unit.Tokens => "quota.short.tokens", _ => "quota.short.images" };

    /// <summary>Pictures are of the standard size here: each is one.</summary>
    private static long Units(MeteredUsage usage) => usage.InputTokens + usage.OutputTokens + usage.Images;

    private static long Measure(CapMeter meter, MeteredUsage usage, long nanos) => meter switch
    {
        CapMeter.Money => nanos,
        CapMeter.Tokens => usage.InputTokens + usage.OutputTokens,
        _ => usage.Images,
    };
}
