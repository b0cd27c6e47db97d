using Portal.Data;

namespace Portal.Payments.Refunds;

/// <summary>What can be given back of a payment or of a plan's invoice, and what keeps the rest.</summary>
/// <param name="Paid">Of an invoice its total.</param>
/// <param name="Refunded">What went back or is on its way.</param>
/// <param name="Waiting">What a second person has to agree to; held already.</param>
/// <param name="Kept">What cannot go back whatever was not refunded: of a payment the credit that is spent, frozen or owed, of an invoice what was paid
/// with granted credit that has expired since.</param>
/// <param name="Most">Whole minor units.</param>
/// <param name="WhyNot">Why it is nothing at all; null when something can go back.</param>
public sealed record Refundable(Money Paid, Money Refunded, Money Waiting, Money Kept, Money Most, Refusal? WhyNot)
{
    /// <summary>What is left of it, spent or not.</summary>
    public Money Rest => Paid - Refunded - Waiting;

    /// <param name="within">What could be taken or returned now, apart from what went back already.</param>
    public static Refundable Of(Money paid, Money refunded, Money waiting, Money within, Refusal? whyNot, Refusal nothingLeft, Refusal nothingFree)
    {
        var rest = paid - refunded - waiting;
        var most = whyNot is null ? (rest < within ? rest : within).FloorToMinorUnits() : Money.Zero;
        whyNot ??= rest <= Money.Zero ? nothingLeft : most <= Money.Zero ? nothingFree : null;
        return new Refundable(paid, refunded, waiting, rest > most ? rest - most : Money.Zero, most, whyNot);
    }

    /// <summary>
    /// Whether an amount can go back. Parts of a whole are each rounded, so that together they may be a little more than it: the last of them takes
    /// what is left, at most one minor unit less for each part before.
    /// </summary>
    /// <param name="parts">Refunds of it before.</param>
    public Outcome<Money> Fit(Money asked, int parts)
    {
        if (WhyNot is not null) return WhyNot;
        if (asked <= Most) return asked;
        if (Most == Rest && IsPart(asked, Most, parts)) return Most;
        return Most == Rest ? new Refusal("refund.above-payment", MoneyInput.Text(Rest.Amount)) : new Refusal("refund.spent", MoneyInput.Text(Most.Amount));
    }

    /// <summary>Whether an amount was asked for of which this was given.</summary>
    /// <param name="parts">Refunds before it.</param>
    public static bool IsPart(Money asked, Money given, int parts) => asked >= given && asked - given <= Money.FromMinorUnits(Math.Max(0, parts));
}
