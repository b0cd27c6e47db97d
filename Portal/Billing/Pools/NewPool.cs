namespace Portal.Billing.Pools;

/// <summary>A pool as an administrator typed it.</summary>
/// <param name="Id">The form's token.</param>
/// <param name="Monthly">As typed, in yuan.</param>
public sealed record NewPool(Guid Id, string Name, string Monthly, IReadOnlyList<NewPool.Member> Members)
{
    /// <param name="Email">Of somebody who owns the account: their organisation's when they own exactly one, else their own.</param>
    /// <param name="Percent">As typed.</param>
    public sealed record Member(string Email, string Percent);
}
