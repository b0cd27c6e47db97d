using System.Globalization;
using System.Text;
using Portal.Data;
using Portal.Data.Catalog;

namespace Portal.Catalog;

/// <summary>What is added to a plan, a period: tokens beyond the included ones, and prompts at the same time.</summary>
/// <param name="Tokens">Whole thousands, 0 to <see cref="TokensMax"/>.</param>
/// <param name="Concurrent">0 to <see cref="ConcurrentMax"/>.</param>
public sealed record PlanExtras(long Tokens, int Concurrent)
{
    public const long TokensMax = 1_000_000_000;
    public const int ConcurrentMax = 1_000;

    /// <summary>Yuan a period: a year of it at the highest factor can still be counted.</summary>
    public const long PriceMax = 10_000_000;

    private const int Thousand = 1000;

    public static PlanExtras None { get; } = new(0, 0);

    /// <summary>Two numbers as a person typed them; nothing typed is nothing added. Full-width digits and spaces are understood.</summary>
    public static Outcome<PlanExtras> Read(string? tokens, string? concurrent)
    {
        if (!Whole(tokens, TokensMax, out var extraTokens) || extraTokens % Thousand != 0)
        {
            return new Refusal("extras.tokens", $"{TokensMax}");
        }

        return Whole(concurrent, ConcurrentMax, out var extraConcurrent)
            ? new PlanExtras(extraTokens, (int)extraConcurrent)
            : new Refusal("extras.concurrent", $"{ConcurrentMax}");
    }

    /// <summary>Whether a plan can be bought with these.</summary>
    public Refusal? WhyNot(Plan plan) => this switch
    {
        _ when Tokens is < 0 or > TokensMax || Tokens % Thousand != 0 => new Refusal("extras.tokens", $"{TokensMax}"),
        { Concurrent: < 0 or > ConcurrentMax } => new Refusal("extras.concurrent", $"{ConcurrentMax}"),
        { Tokens: > 0 } when plan.ExtraThousandTokensNanos is null => new Refusal("extras.none"),
        { Concurrent: > 0 } when plan.ExtraConcurrentNanos is null => new Refusal("extras.none"),
        _ when TokensPrice(plan) + ConcurrentPrice(plan) > Money.FromAmount(PriceMax) => new Refusal("extras.price", $"{PriceMax}"),
        _ => null,
    };

    /// <summary>What the added tokens of a period cost.</summary>
    public Money TokensPrice(Plan plan) => new(checked((plan.ExtraThousandTokensNanos ?? 0) * (Tokens / Thousand)));

    /// <summary>What the added prompts at the same time of a period cost.</summary>
    public Money ConcurrentPrice(Plan plan) => new(checked((plan.ExtraConcurrentNanos ?? 0) * Concurrent));

    private static bool Whole(string? typed, long most, out long number)
    {
        var text = string.Concat((typed ?? "").Normalize(NormalizationForm.FormKC).Where(c => !char.IsWhiteSpace(c)));
        number = 0;
        return text.Length == 0 || (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= most);
    }
}
