using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Portal.Billing.Rating;
using Portal.Catalog;
using Portal.Data;
using Portal.Data.Catalog;

namespace Portal.Commands;

/// <summary>Prices cases by the function that charges, with the shipped rates and factors.</summary>
public sealed class QuotePricer(CatalogFile catalogue)
{
    /// <param name="wrong">Why there is no price, as the rest of a sentence that names the case.</param>
    public bool TryPrice(QuoteCase asked, out Money amount, [NotNullWhen(false)] out string? wrong)
    {
        amount = default;
        try
        {
            wrong = WrongCoupon(asked) ?? (asked.PlanPrice is null ? WrongUsage(asked) : WrongPlan(asked));
            if (wrong is not null)
            {
                return false;
            }

            amount = asked.PlanPrice is null ? Usage(asked) : PlanPeriod(asked);
            return true;
        }
        catch (OverflowException)
        {
            wrong = "costs more than can be counted";
            return false;
        }
    }

    private static string? WrongCoupon(QuoteCase asked) =>
        (asked.Coupons ?? []).Any(c => c is not { PercentOff: >= 1 and <= 99 }) ? "needs a percentOff from 1 to 99 in each coupon" : null;

    private string? WrongUsage(QuoteCase asked) => asked switch
    {
        { Meter: null } => "names neither a meter nor a planPrice",
        { Meter: not ("tokens" or "images") } => $"names an unknown meter '{asked.Meter}'; there are tokens and images",
        { Meter: "tokens", Quantity: null } => "has no quantity",
        { Quantity: < 0 } => "has a negative quantity",
        { UsedBefore: < 0 } => "has a negative usedBefore",
        { Meter: "images", Width: not > 0 } or { Meter: "images", Height: not > 0 } or { Meter: "images", Steps: not > 0 } =>
            "needs a width, a height and steps above zero",
        _ => WrongFactor(asked),
    };

    private string? WrongFactor(QuoteCase asked)
    {
        var names = Names(asked).ToList();
        return names.Find(name => catalogue.Factors.All(f => f.Name != name)) is { } unknown ? $"names an unknown factor '{unknown}'"
            : names.Distinct().Count() < names.Count ? "names a factor twice"
            : null;
    }

    private string? WrongPlan(QuoteCase asked)
    {
        var readable = TryIncluded(asked, out var included);
        return asked switch
        {
            { PlanPrice: < 0 } => "has a negative planPrice",
            { Overage: < 0 } => "has a negative overage",
            { Used: null } => "has no used units",
            { Used: < 0 } => "has negative used units",
            _ when Extras(asked).WhyNot(PlanOf(asked)) is not null => $"adds what no plan is sold with: whole thousands of tokens up to {PlanExtras.TokensMax}, prompts up to {PlanExtras.ConcurrentMax}",
            _ when !readable => "needs included units: a whole number from zero, or 'unlimited'",
            { Overage: null } when asked.Used > ExtendedBy(included, asked.ExtraTokens) => "uses more than is included and has no overage",
            _ => null,
        };
    }

    private Money Usage(QuoteCase asked)
    {
        // Named factors are taken as given, in the catalogue's order; in a charge their conditions decide.
        var names = Names(asked).ToHashSet();
        var factors = catalogue.Factors.Where(f => names.Contains(f.Name)).Select(f => new NamedFactor(f.Name, f.Multiplier)).Concat(asked.CouponFactors()).ToList();
        var usage = asked.Meter == "images"
            ? MeteredUsage.Picture(asked.Quantity ?? 1, asked.Width!.Value, asked.Height!.Value, asked.Steps!.Value)
            : MeteredUsage.Text(asked.Quantity!.Value, 0);
        string[] meters = usage.Unit == Unit.Images ? [Meters.Images] : [Meters.InputTokens, Meters.OutputTokens];
        var terms = new PriceTerms(catalogue.Version, "*", null, [.. meters.Select(Rate)], factors);
        return new Money(Rater.Price(terms, usage, asked.UsedBefore).AmountNanos);
    }

    private static PlanExtras Extras(QuoteCase asked) => new(asked.ExtraTokens, asked.ExtraConcurrent);

    /// <summary>A plan that everything can be added to.</summary>
    private Plan PlanOf(QuoteCase asked) => new()
    {
        Key = "*", NameEn = "*", NameZh = "*", PriceNanos = Money.FromAmount(asked.PlanPrice!.Value).Nanos,
        ExtraThousandTokensNanos = catalogue.CustomPlan is { } tokens ? Money.FromAmount(tokens.PerThousandExtraTokens).Nanos : null,
        ExtraConcurrentNanos = catalogue.CustomPlan is { } prompts ? Money.FromAmount(prompts.PerExtraConcurrent).Nanos : null,
    };

    private Money PlanPeriod(QuoteCase asked)
    {
        // Overage has no tiers and of all factors only coupons; a token's shape fits every unit.
        TryIncluded(asked, out var included);
        var rate = new MeterRate(Meters.InputTokens, asked.Overage ?? 0, 0, 0, []);
        var overage = Rater.Price(new PriceTerms(0, "*", null, [rate], asked.CouponFactors()), MeteredUsage.Text(asked.Used!.Value, 0), 0, ExtendedBy(included, asked.ExtraTokens));
        return PeriodPrice.Of(PlanOf(asked), Extras(asked), asked.CouponFactors()).Amount + new Money(overage.AmountNanos);
    }

    private static long ExtendedBy(long included, long extra) => included > long.MaxValue - extra ? long.MaxValue : included + extra;

    private MeterRate Rate(string meter)
    {
        var rate = catalogue.Rates.First(r => r.Model == "*" && r.Meter == meter);
        return new MeterRate(meter, rate.PerUnit, rate.BasePixels, rate.BaseSteps, [.. rate.Tiers.OrderBy(t => t.From).Select(t => new Tier(t.From, t.Factor))]);
    }

    private static IEnumerable<string> Names(QuoteCase asked) =>
        (asked.Factors ?? []).Concat(string.IsNullOrEmpty(asked.Region) ? [] : [$"region:{asked.Region}"]);

    private static bool TryIncluded(QuoteCase asked, out long units)
    {
        units = long.MaxValue;
        return asked.Included is { ValueKind: JsonValueKind.String } text
            ? text.GetString() == "unlimited"
            : asked.Included is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out units) && units >= 0;
    }
}
