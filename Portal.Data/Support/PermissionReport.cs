namespace Portal.Data.Support;

/// <summary>Who could do what at a month's end and what had changed in it, kept as it was then.</summary>
public sealed class PermissionReport
{
    public int Id { get; set; }

    /// <summary>The first instant of the month that it tells of, in UTC; unique.</summary>
    public DateTimeOffset Month { get; set; }

    public DateTimeOffset MadeAt { get; set; }

    /// <summary>Its parts as JSON.</summary>
    public required string Body { get; set; }

    /// <summary>The end of the audit's chain at that moment: a copy kept elsewhere proves the chain up to here.</summary>
    public long AuditSequence { get; set; }

    public required string AuditHash { get; set; }
}
