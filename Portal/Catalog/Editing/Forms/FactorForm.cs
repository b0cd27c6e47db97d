namespace Portal.Catalog.Editing.Forms;

/// <summary>A factor as it is typed.</summary>
public sealed class FactorForm
{
    public string Name { get; set; } = "";

    public string Condition { get; set; } = "";

    public string Multiplier { get; set; } = "";

    public static FactorForm Of(CatalogFile.FactorEntry factor) => new() { Name = factor.Name, Condition = factor.Condition, Multiplier = CatalogJson.Plain(factor.Multiplier) };

    /// <returns>The factor when it keeps the rules by itself.</returns>
    public Outcome<CatalogFile.FactorEntry> Read()
    {
        if (!CatalogInput.Number(Multiplier).IsDone(out var wrong, out var multiplier))
        {
            return wrong;
        }

        var factor = new CatalogFile.FactorEntry(Name.Trim(), Condition.Trim(), multiplier);
        return PriceRules.WhyNot(factor) is { } flaw ? flaw.Refusal : factor;
    }
}
