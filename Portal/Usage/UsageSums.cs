using Portal.Data;

namespace Portal.Usage;

/// <summary>Usage added up. Covered is what a quota paid for, paid what money did.</summary>
/// <param name="Images">Standard images.</param>
public sealed record UsageSums(
    long Requests, long InputTokens, long OutputTokens, long Images, long CoveredTokens, long CoveredImages, long ChargedNanos)
{
    public static readonly UsageSums None = new(0, 0, 0, 0, 0, 0, 0);

    public Money Charged => new(ChargedNanos);

    public long Tokens => InputTokens + OutputTokens;

    public long PaidTokens => Tokens - CoveredTokens;

    public long PaidImages => Images - CoveredImages;

    public static UsageSums operator +(UsageSums a, UsageSums b) => checked(new UsageSums(
        a.Requests + b.Requests, a.InputTokens + b.InputTokens, a.OutputTokens + b.OutputTokens, a.Images + b.Images,
        a.CoveredTokens + b.CoveredTokens, a.CoveredImages + b.CoveredImages, a.ChargedNanos + b.ChargedNanos));

    public static UsageSums Add(UsageSums left, UsageSums right) => left + right;

    public static UsageSums Of(IEnumerable<UsageSums> parts) => parts.Aggregate(None, Add);
}
