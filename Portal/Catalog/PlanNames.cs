using System.Globalization;
using Portal.Data.Catalog;

namespace Portal.Catalog;

public static class PlanNames
{
    /// <summary>The plan's name in the language of the current thread.</summary>
    public static string Name(this Plan plan) => Choose(plan.NameEn, plan.NameZh);

    public static string Choose(string english, string chinese) => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "zh" ? chinese : english;
}
