namespace Portal.Data.Payments;

/// <summary>An object of the embedded Stripe-compatible sandbox, as JSON.</summary>
public sealed class SandboxObject
{
    /// <summary>As Stripe's ids: <c>cs_test_…</c>, <c>pi_…</c>, <c>idempotency:…</c>.</summary>
    public required string Id { get; set; }

    public required string Type { get; set; }

    public required string Json { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Order of creation; lists are newest first.</summary>
    public long Sequence { get; set; }

    /// <summary>When an event is to be delivered (again); null when nothing is to be done.</summary>
    public DateTimeOffset? DueAt { get; set; }

    public int Attempts { get; set; }

    public long Version { get; set; }
}
