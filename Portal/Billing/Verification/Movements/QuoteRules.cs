using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Verification.Movements;

/// <summary>The terms of an open prompt are stored; what a cap's counter holds is what the open prompts reserved in it, and it is within its limit.</summary>
internal static class QuoteRules
{
    public static async Task<IEnumerable<Finding>> Check(PortalDb db, CancellationToken cancel)
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

    private static Finding Held(Guid wallet, string counter, long kept, Int128 reserved) =>
        new("cap.held", $"Counters {wallet} {counter}", $"it holds {kept}, the open prompts reserved {reserved}");
}
