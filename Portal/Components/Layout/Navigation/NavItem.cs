namespace Portal.Components.Layout.Navigation;

/// <summary>One destination of the navigation; its name is the resource <paramref name="Key"/>.</summary>
/// <param name="Icon">A ligature of Material Symbols.</param>
/// <param name="ForSeats">Whether somebody who only draws on a seat's allocation has use for it.</param>
/// <param name="Perk">Only where the operator gives points.</param>
/// <param name="OnVisits">Whether the staff see it as the customer does.</param>
public sealed record NavItem(string Href, string Key, string Icon, bool ForSeats = true, bool Perk = false, bool OnVisits = false)
{
    public static IReadOnlyList<NavItem> Customer { get; } =
    [
        new("/", "Overview", "dashboard", OnVisits: true),
        new("/plans", "Plans", "sell", ForSeats: false, OnVisits: true),
        new("/billing", "Billing", "account_balance_wallet", ForSeats: false, OnVisits: true),
        new("/usage", "Usage", "bar_chart", OnVisits: true),
        new("/playground", "Playground", "experiment"),
        new("/api-keys", "ApiKeys", "key"),
        new("/alerts", "Alerts", "notifications", ForSeats: false),
        new("/invoices", "Invoices", "receipt_long", ForSeats: false, OnVisits: true),
        new("/members", "Members", "group", ForSeats: false),
        new("/points", "Points", "stars", ForSeats: false, Perk: true),
        new("/support", "Support", "support_agent"),
    ];

    public static NavItem Desk { get; } = new("/desk", "Desk", "contact_support");

    public static NavItem Catalogue { get; } = new("/catalogue", "Catalogue", "menu_book");

    public static NavItem Coupons { get; } = new("/coupons", "Coupons", "local_activity");

    public static NavItem Pools { get; } = new("/pools", "Pools", "lan");

    public static NavItem Models { get; } = new("/models", "Models", "deployed_code");

    public static NavItem Reconciliation { get; } = new("/reconciliation", "Reconciliation", "balance");

    public static NavItem Audit { get; } = new("/audit", "Audit", "policy");

    public static NavItem Jobs { get; } = new("/jobs", "Jobs", "schedule");
}
