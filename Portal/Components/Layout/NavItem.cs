namespace Portal.Components.Layout;

/// <summary>One destination of the navigation; its name is the resource <paramref name="Key"/>.</summary>
/// <param name="Icon">A ligature of Material Symbols.</param>
/// <param name="Roles">Null for everyone, else the roles (comma separated) that see it.</param>
public sealed record NavItem(string Href, string Key, string Icon, string? Roles = null)
{
    public static IReadOnlyList<NavItem> Customer { get; } =
    [
        new("/", "Overview", "dashboard"),
        new("/plans", "Plans", "sell"),
        new("/billing", "Billing", "account_balance_wallet"),
        new("/usage", "Usage", "bar_chart"),
        new("/playground", "Playground", "experiment"),
        new("/api-keys", "ApiKeys", "key"),
        new("/alerts", "Alerts", "notifications"),
        new("/invoices", "Invoices", "receipt_long"),
        new("/members", "Members", "group"),
        new("/support", "Support", "support_agent"),
    ];

    public static IReadOnlyList<NavItem> Staff { get; } =
    [
        new("/desk", "Desk", "contact_support", "support,administrator"),
        new("/jobs", "Jobs", "schedule", "administrator"),
    ];
}
