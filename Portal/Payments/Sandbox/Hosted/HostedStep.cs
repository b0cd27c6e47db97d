using Portal.Payments.Sandbox.Wire;

namespace Portal.Payments.Sandbox.Hosted;

/// <summary>Where a person goes next, or what was wrong. Neither: there is nothing to pay any more.</summary>
public sealed record HostedStep(string? RedirectTo, StripeError? Error)
{
    public static HostedStep Gone { get; } = new(null, null);
}
