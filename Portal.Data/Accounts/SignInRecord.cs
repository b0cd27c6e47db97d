namespace Portal.Data.Accounts;

/// <summary>One try to sign in with a known address, kept for some weeks.</summary>
public sealed class SignInRecord
{
    public long Id { get; set; }

    public Guid PersonId { get; set; }

    public DateTimeOffset At { get; set; }

    public SignInOutcome Outcome { get; set; }

    /// <summary>Where it came from, as the portal sees it; null when the connection has no address.</summary>
    public string? Address { get; set; }
}

public enum SignInOutcome
{
    Done = 0,
    WrongPassword = 1,

    /// <summary>A wrong password that locked the sign-in for some minutes.</summary>
    Locked = 2,
}
