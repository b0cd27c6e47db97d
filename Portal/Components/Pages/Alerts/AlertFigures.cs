using System.Globalization;
using Portal.Components.Shared.Amounts;
using Portal.Data;

namespace Portal.Components.Pages.Alerts;

/// <summary>How thresholds and measured values are written.</summary>
internal static class AlertFigures
{
    public static string Yuan(decimal amount) => Money.FromAmount(amount).Write();

    /// <summary>Whole percents, rounded down: 89.9 % has not reached 90.</summary>
    public static string Percent(decimal share) => decimal.Floor(share * 100).ToString("0", CultureInfo.CurrentCulture) + "%";
}
