using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Billing.Ledger;
using Portal.Billing.Verification.Rows;
using Portal.Data;
using Portal.Data.Billing;

namespace Portal.Billing.Verification.Movements;

/// <summary>What an account keeps is what its transfers say.</summary>
internal sealed class AccountRules
{
    private readonly Dictionary<long, AccountFacts> accounts;

    private AccountRules(Dictionary<long, AccountFacts> accounts)
    {
        this.accounts = accounts;
    }

    public long Count => accounts.Count;

    public static async Task<AccountRules> Read(PortalDb db, CancellationToken cancel)
    {
        var accounts = new Dictionary<long, AccountFacts>();
        var rows = db.LedgerAccounts.AsNoTracking().OrderBy(a => a.Id).Select(a => new AccountFacts(a.Id, a.WalletId, a.Code, a.Unit, a.Balance, a.Held, a.Floor));
        await foreach (var account in rows.AsAsyncEnumerable().WithCancellation(cancel))
        {
            accounts.Add(account.Id, account with { Code = string.Intern(account.Code) });
        }

        return new AccountRules(accounts);
    }

    public AccountFacts? Find(long id) => accounts.GetValueOrDefault(id);

    /// <summary>A transfer as its hold knows it.</summary>
    public HeldRow Held(in TransferRow t) => new(t.Id, t.WalletId, t.Kind, t.DebitId, t.CreditId, t.Amount, t.Part, Find(t.DebitId)?.Unit ?? default);

    /// <param name="balances">Whether every transfer was read.</param>
    public IEnumerable<Finding> Check(bool balances)
    {
        var findings = new List<Finding>();
        foreach (var a in accounts.Values)
        {
            if (balances && a.Balance != a.Moved)
            {
                findings.Add(new Finding("account.balance", $"LedgerAccounts {a.Id}", $"{a.Code} {a.Unit} keeps {a.Balance}, its transfers say {a.Moved}"));
            }

            if (a.Held != a.Pending)
            {
                findings.Add(new Finding("account.held", $"LedgerAccounts {a.Id}", $"{a.Code} {a.Unit} holds {a.Held}, its unresolved transfers say {a.Pending}"));
            }

            // The floor is what keeps credit from going below zero: one that was moved keeps nothing.
            var floor = new AccountRef(a.Code, a.Unit).Floor;
            if ((a.Code == LedgerCodes.Postpaid ? a.Floor is not <= 0 : a.Floor != floor) || (Int128)a.Balance - a.Held < a.Floor)
            {
                findings.Add(new Finding("account.floor", $"LedgerAccounts {a.Id}", $"{a.Code} {a.Unit} has {a.Balance} less {a.Held} held, its floor is {a.Floor?.ToString(CultureInfo.InvariantCulture) ?? "none"}"));
            }

            if (a is { Code: LedgerCodes.Postpaid or LedgerCodes.Owed, Balance: > 0 })
            {
                findings.Add(new Finding($"{a.Code}.positive", $"LedgerAccounts {a.Id}", $"is owed and has {a.Balance}: money that is the customer's own is purchased credit"));
            }
        }

        return [.. findings, .. Sums()];
    }

    private IEnumerable<Finding> Sums()
    {
        var sums = new Dictionary<(Guid Wallet, Unit Unit), Int128>();
        foreach (var a in accounts.Values)
        {
            sums[(a.WalletId, a.Unit)] = sums.GetValueOrDefault((a.WalletId, a.Unit)) + a.Balance;
        }

        return sums.Where(s => s.Value != 0).Select(s => new Finding("wallet.sum", $"Accounts {s.Key.Wallet}", $"its {s.Key.Unit} accounts add up to {s.Value}, not to zero"));
    }
}
