namespace Portal.Accounts;

/// <summary>
/// A lock that the staff set and only the staff lifts, told from the minutes that wrong passwords cost by its end. The
/// minutes keep strangers from guessing at the sign-in page; they must not end the pages and keys of a person whose
/// address a stranger typed.
/// </summary>
public static class StaffLock
{
    public static readonly DateTimeOffset End = new(9999, 1, 1, 0, 0, 0, TimeSpan.Zero);
}
