using Portal.Data;

namespace Portal.Support;

/// <summary>The section <c>Adjustments</c> of the configuration: how much credit the staff give and take, in the currency's major unit.</summary>
public sealed class AdjustmentOptions
{
    public const string Section = "Adjustments";

    private const decimal Most = 1_000_000_000;

    public decimal SupportOnce { get; set; } = 100;

    /// <summary>Of one person in a calendar month of UTC, given and taken together.</summary>
    public decimal SupportMonth { get; set; } = 1_000;

    public decimal AdministratorOnce { get; set; } = 10_000;

    public decimal AdministratorMonth { get; set; } = 100_000;

    public (Money Once, Money Month) Of(Caller caller) => caller.IsAdministrator
        ? (Money.FromAmount(AdministratorOnce), Money.FromAmount(AdministratorMonth))
        : (Money.FromAmount(SupportOnce), Money.FromAmount(SupportMonth));

    public bool Fits => new[] { SupportOnce, SupportMonth, AdministratorOnce, AdministratorMonth }.All(amount => amount is >= 0 and <= Most && decimal.Round(amount, 2) == amount)
        && SupportOnce <= SupportMonth && AdministratorOnce <= AdministratorMonth;
}
