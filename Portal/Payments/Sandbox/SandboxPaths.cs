namespace Portal.Payments.Sandbox;

/// <summary>Where the sandbox lives within the portal's address.</summary>
public static class SandboxPaths
{
    /// <summary>The base address of the API; Stripe's own paths (<c>v1/refunds</c>) follow it.</summary>
    public const string Api = "/sandbox/stripe";

    public const string CheckoutPage = "/sandbox/checkout";

    /// <summary>Faults on demand; only mapped in Development.</summary>
    public const string Faults = "/sandbox/control/faults";

    public static string Checkout(string session) => $"{CheckoutPage}/{session}";

    public static string AuthenticateIntent(string intent) => $"/sandbox/authenticate/{intent}";
}
