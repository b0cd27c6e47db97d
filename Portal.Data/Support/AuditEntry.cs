namespace Portal.Data.Support;

/// <summary>Who did what to whom; written with the deed, sealed into the chain soon after, and never changed from then on.</summary>
public sealed class AuditEntry
{
    public const int SubjectLengthMax = 256;
    public const int DetailLengthMax = 2000;
    public const int TextLengthMax = 1000;

    public long Id { get; set; }

    public DateTimeOffset At { get; set; }

    /// <summary>Empty when nobody did it but the portal.</summary>
    public Guid PersonId { get; set; }

    public Guid? AccountId { get; set; }

    /// <summary>E.g. <c>refund.requested</c>, <c>seat.allocated</c>.</summary>
    public required string Action { get; set; }

    public required string Subject { get; set => field = Fitted.To(value, SubjectLengthMax); }

    public string Detail { get; set => field = Fitted.To(value, DetailLengthMax); } = "";

    /// <summary>What the deed changed, as it was; null where nothing was before, or the detail says it all.</summary>
    public string? Before { get; set => field = Fitted.To(value, TextLengthMax); }

    /// <summary>What became of it.</summary>
    public string? After { get; set => field = Fitted.To(value, TextLengthMax); }

    /// <summary>What whoever did it gave as the reason.</summary>
    public string? Reason { get; set => field = Fitted.To(value, TextLengthMax); }

    /// <summary>The place in the chain, 1, 2, 3 … without a gap; null until it is sealed.</summary>
    public long? Sequence { get; set; }

    /// <summary>See <see cref="AuditChain.Hash"/>; null until it is sealed.</summary>
    public string? Hash { get; set; }
}
