using System.Globalization;
using System.Text;
using Portal.Data.Billing;

namespace Portal.Billing.Ledger.Wallets;

/// <summary>The pending transfers of a prompt as its hold keeps them in <see cref="Hold.Sources"/>.</summary>
public static class HeldSources
{
    /// <summary>Of transfers whose accounts have their ids.</summary>
    public static string Write(IReadOnlyList<Transfer> pending)
    {
        if (pending is [var only])
        {
            return string.Create(CultureInfo.InvariantCulture, $"{only.Debit.Id}>{only.Credit.Id}:{only.Amount}");
        }

        var text = new StringBuilder();
        foreach (var part in pending)
        {
            text.Append(text.Length == 0 ? "" : ";").Append(CultureInfo.InvariantCulture, $"{part.Debit.Id}>{part.Credit.Id}:{part.Amount}");
        }

        return text.ToString();
    }

    /// <summary>The transfers in the order of their parts; the accounts are still to be found by their ids.</summary>
    /// <exception cref="FormatException">The hold does not say what it took.</exception>
    public static List<Transfer> Read(Hold hold)
    {
        var parts = new List<Transfer>();
        if (!TryRead(hold.Sources, (debit, credit, amount) => parts.Add(new Transfer
        {
            WalletId = hold.WalletId, Kind = TransferKind.Pending, DebitId = debit, CreditId = credit, Amount = amount, Code = TransferCodes.Prompt, Reference = "",
            At = hold.CreatedAt, HoldId = hold.Id, Part = parts.Count,
        })))
        {
            throw new FormatException($"Hold {hold.Id} has the sources '{hold.Sources}'.");
        }

        return parts;
    }

    /// <param name="each">Is told debit, credit and amount of each part, in their order.</param>
    /// <returns>Whether all of the text could be read; nothing took nothing.</returns>
    public static bool TryRead(string? sources, Action<long, long, long> each)
    {
        var rest = sources.AsSpan();
        while (rest.Length > 0)
        {
            var end = rest.IndexOf(';');
            var part = end < 0 ? rest : rest[..end];
            var (to, amount) = (part.IndexOf('>'), part.IndexOf(':'));
            if (to < 0 || amount < to || !Number(part[..to], out var debit) || !Number(part[(to + 1)..amount], out var credit) || !Number(part[(amount + 1)..], out var nanos))
            {
                return false;
            }

            each(debit, credit, nanos);
            rest = end < 0 ? default : rest[(end + 1)..];
        }

        return true;
    }

    private static bool Number(ReadOnlySpan<char> text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
