using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Portal.Catalog;

namespace Portal.Billing.Ledger;

/// <summary>
/// Price terms as they are stored, and the key that holds name them by. Nearly every prompt comes with terms that another came with before: they are
/// written out and hashed once.
/// </summary>
internal sealed class TermsText
{
    private const int Most = 1000;

    private static readonly ConcurrentDictionary<PriceTerms, TermsText> Written = new(new SameTerms());

    private TermsText(PriceTerms terms)
    {
        Json = LedgerJson.Write(terms);
        Key = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Json)).AsSpan(0, 16));
    }

    public string Json { get; }

    public string Key { get; }

    public static TermsText Of(PriceTerms terms)
    {
        if (Written.TryGetValue(terms, out var text))
        {
            return text;
        }

        if (Written.Count >= Most)
        {
            Written.Clear();
        }

        return Written[terms] = new TermsText(terms);
    }

    /// <summary>By what they say: each prompt makes them anew.</summary>
    private sealed class SameTerms : IEqualityComparer<PriceTerms>
    {
        public bool Equals(PriceTerms? one, PriceTerms? other) => ReferenceEquals(one, other) || (one is not null && other is not null
            && one.RateCardVersion == other.RateCardVersion && one.Model == other.Model && one.Plan == other.Plan
            && one.Factors.SequenceEqual(other.Factors) && one.Rates.Count == other.Rates.Count && one.Rates.Zip(other.Rates).All(pair => Same(pair.First, pair.Second)));

        public int GetHashCode([DisallowNull] PriceTerms terms) => HashCode.Combine(terms.RateCardVersion, terms.Model, terms.Plan, terms.Factors.Count);

        private static bool Same(MeterRate one, MeterRate other) => one with { Tiers = other.Tiers } == other && one.Tiers.SequenceEqual(other.Tiers);
    }
}
