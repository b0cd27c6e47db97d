namespace Portal.Billing.Invoices;

/// <summary>The section <c>Seller</c> of the configuration: who issues the documents.</summary>
public sealed class SellerOptions
{
    public const string Section = "Seller";

    public string Name { get; set; } = "Portal";

    public string TaxId { get; set; } = "";

    public string Address { get; set; } = "";
}
