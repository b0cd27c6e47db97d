using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Verification.Movements;

/// <summary>
/// The terms of an open prompt are stored; what a cap's counter holds is what the open prompts reserved in it, what it has used is what the settled ones
/// used, and together they are within its limit.
/// </summary>
internal static class QuoteRules
{
    /// <summary>Counters of days are forgotten when their day is over in every time zone.</summary>
    private static readonly TimeSpan DaysKept = TimeSpan.FromDays(1);

    /// <param name="used">Whether what caps have used is proved, by every prompt there ever was of the wallets that have any.</param>
    public static async Task<IEnumerable<Finding>> Check(PortalDb db, bool used, DateTimeOffset now, CancellationToken cancel) =>
        [.. await Held(db, cancel), .. used ? await Used(db, now, cancel) : []];

    private static async Task<IEnumerable<Finding>> Held(PortalDb db, CancellationToken cancel)
    {
        var findings = new List<Finding>();
        var terms = (await db.StoredTerms.Select(t => t.Key).ToListAsync(cancel)).ToHashSet();
        var held = new Dictionary<(Guid Wallet, string Counter), Int128>();
        var open = db.Holds.Where(h => h.State == HoldState.Open && h.Quote != null).Select(h => new { h.Id, h.WalletId, h.Quote });
        await foreach (var hold in open.AsAsyncEnumerable().WithCancellation(cancel))
        {
            var quote = LedgerJson.ReadQuote(hold.Quote!);
            if (!terms.Contains(quote.TermsKey))
            {
                findings.Add(new Finding("hold.terms", $"Holds {hold.Id}", $"it cannot be settled: its terms {quote.TermsKey} are not stored"));
            }

            foreach (var part in quote.Caps ?? [])
            {
                held[(hold.WalletId, part.Counter)] = held.GetValueOrDefault((hold.WalletId, part.Counter)) + part.Amount;
            }
        }

        await foreach (var c in db.Counters.AsNoTracking().Where(c => c.Key.StartsWith("cap:")).AsAsyncEnumerable().WithCancellation(cancel))
        {
            if (held.Remove((c.WalletId, c.Key), out var sum) ? sum != c.Held : c.Held != 0)
            {
                findings.Add(Held(c.WalletId, c.Key, c.Held, sum));
            }

            if (c.Limit is { } limit && (Int128)c.Used + c.Held > limit)
            {
                findings.Add(new Finding("cap.exceeded", $"Counters {c.WalletId} {c.Key}", $"{c.Used} used and {c.Held} held are more than {limit}"));
            }
        }

        return [.. findings, .. held.Where(h => h.Value != 0).Select(h => Held(h.Key.Wallet, h.Key.Counter, 0, h.Value))];
    }

    private static async Task<IEnumerable<Finding>> Used(PortalDb db, DateTimeOffset now, CancellationToken cancel)
    {
        var sums = new Dictionary<(Guid Wallet, string Counter), (Int128 Used, Int128 Returned)>();
        var settled =
            from wallet in db.Caps.Select(c => c.WalletId).Distinct()
            join u in db.UsageRecords on wallet equals u.AccountId
            join h in db.Holds on u.Id equals h.Id
            where h.Quote != null
            select new { h.WalletId, h.Quote, u.Unit, Tokens = u.InputTokens + u.OutputTokens, u.Images, u.ChargedNanos, Returned = db.UsageReturns.Any(r => r.Id == h.Id) };
        await foreach (var prompt in settled.AsAsyncEnumerable().WithCancellation(cancel))
        {
            foreach (var part in LedgerJson.ReadQuote(prompt.Quote!).Caps ?? [])
            {
                var units = prompt.Unit == Unit.Images ? prompt.Images : prompt.Tokens;
                var amount = part.Meter == CapMeter.Money ? prompt.ChargedNanos : (part.Meter == CapMeter.Images) == (prompt.Unit == Unit.Images) ? units : 0;
                var (sum, returned) = sums.GetValueOrDefault((prompt.WalletId, part.Counter));
                sums[(prompt.WalletId, part.Counter)] = (sum + amount, returned + (prompt.Returned ? amount : 0));
            }
        }

        // What was given back was counted off where the window was still open: either way is right.
        var days = UsageWindows.DayCountersFrom(now - DaysKept);
        var counters = await db.Counters.Where(c => c.Key.StartsWith("cap:")).Select(c => new { c.WalletId, c.Key, c.Used }).ToDictionaryAsync(c => (c.WalletId, c.Key), c => c.Used, cancel);
        return sums.Keys.Union(counters.Keys).Where(k => !k.Item2.StartsWith(UsageWindows.DayCounters, StringComparison.Ordinal) || string.CompareOrdinal(k.Item2, days) >= 0)
            .Select(k => (Key: k, Count: counters.GetValueOrDefault(k), Sum: sums.GetValueOrDefault(k))).Where(c => c.Count > c.Sum.Used || c.Count < c.Sum.Used - c.Sum.Returned)
            .Select(c => new Finding("cap.used", $"Counters {c.Key.Item1} {c.Key.Item2}", $"it says {c.Count} used, its prompts {c.Sum.Used}, of which {c.Sum.Returned} were given back"));
    }

    private static Finding Held(Guid wallet, string counter, long kept, Int128 reserved) =>
        new("cap.held", $"Counters {wallet} {counter}", $"it holds {kept}, the open prompts reserved {reserved}");
}
