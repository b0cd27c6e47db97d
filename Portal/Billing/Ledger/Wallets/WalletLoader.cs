using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Ledger.Wallets;

internal static class WalletLoader
{
    public static async Task<WalletBook> Load(PortalDb db, Guid walletId, DateTimeOffset now, CancellationToken cancel = default) =>
        (await Load(db, [walletId], now, cancel))[0];

    /// <summary>Reads what the wallets' commands need: accounts that are not spent and gone, counters, caps, open holds.</summary>
    /// <returns>One book a wallet, in the order of the ids.</returns>
    public static async Task<List<WalletBook>> Load(PortalDb db, IReadOnlyList<Guid> ids, DateTimeOffset now, CancellationToken cancel = default)
    {
        var accounts = await db.LedgerAccounts.AsNoTracking()
            .Where(a => ids.Contains(a.WalletId) && (a.ExpiresAt == null || a.ExpiresAt > now || a.Balance != 0 || a.Held != 0)).ToListAsync(cancel);
        var counters = (await db.Counters.AsNoTracking().Where(c => ids.Contains(c.WalletId)).ToListAsync(cancel)).ToLookup(c => c.WalletId);
        var caps = (await db.Caps.AsNoTracking().Where(c => ids.Contains(c.WalletId)).ToListAsync(cancel)).ToLookup(c => c.WalletId);
        var open = await db.Holds.AsNoTracking().Where(h => ids.Contains(h.WalletId) && h.State == HoldState.Open).ToListAsync(cancel);
        var held = await Held(db, open, accounts.ToDictionary(a => a.Id), cancel);
        var owned = accounts.ToLookup(a => a.WalletId);
        return [.. ids.Select(id => new WalletBook(id, owned[id], counters[id], caps[id], held[id]))];
    }

    /// <summary>An account that has something held is always among the loaded ones; the one to credit may have been spent and gone.</summary>
    private static async Task<ILookup<Guid, HeldTransfers>> Held(
        PortalDb db, List<Hold> open, Dictionary<long, LedgerAccount> accounts, CancellationToken cancel)
    {
        var drawn = open.Where(h => h.Quote is null).Select(h => h.Id).ToList();
        var pending = drawn.Count == 0 ? [] : await db.Transfers.AsNoTracking()
            .Where(t => drawn.Contains(t.HoldId!.Value) && t.Kind == TransferKind.Pending).OrderBy(t => t.Part).ToListAsync(cancel);
        pending.AddRange(open.Where(h => h.Quote is not null).SelectMany(HeldSources.Read));
        var missing = pending.Select(t => t.CreditId).Where(id => !accounts.ContainsKey(id)).Distinct().ToList();
        if (missing.Count > 0)
        {
            foreach (var account in await db.LedgerAccounts.AsNoTracking().Where(a => missing.Contains(a.Id)).ToListAsync(cancel))
            {
                accounts.Add(account.Id, account);
            }
        }

        foreach (var transfer in pending)
        {
            transfer.Debit = accounts[transfer.DebitId];
            transfer.Credit = accounts[transfer.CreditId];
        }

        var parts = pending.ToLookup(t => t.HoldId!.Value);
        var quotes = open.Where(h => h.Quote is not null).ToDictionary(h => h.Id, h => LedgerJson.ReadQuote(h.Quote!));
        var keys = quotes.Values.Select(q => q.TermsKey).Distinct().ToList();
        var terms = keys.Count == 0
            ? []
            : await db.StoredTerms.AsNoTracking().Where(t => keys.Contains(t.Key)).ToDictionaryAsync(t => t.Key, t => LedgerJson.ReadTerms(t.Json), cancel);
        return open.ToLookup(h => h.WalletId, h => new HeldTransfers(
            h, [.. parts[h.Id]], quotes.TryGetValue(h.Id, out var quote) ? quote with { Terms = terms[quote.TermsKey] } : null));
    }
}
