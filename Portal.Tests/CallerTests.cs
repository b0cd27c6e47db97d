using Portal.Data.Accounts;

namespace Portal.Tests;

public sealed class CallerTests
{
    private static readonly Caller Member = new(
        Guid.NewGuid(), "a@example.com", "A", Guid.NewGuid(), AccountKind.Organisation, "A", "UTC", Guid.NewGuid(), MemberRole.Member, Guid.NewGuid(), null, false, false);

    private static readonly Right[] Rights = Enum.GetValues<Right>();

    [Fact]
    public void Who_lacks_a_right_hears_no_more_than_they_may()
    {
        Assert.Equal([Refusal.Forbidden, Refusal.NotFound, Refusal.NotFound], Asked(Member));
        Assert.Equal([null, Refusal.NotFound, Refusal.NotFound], Asked(Member with { Role = MemberRole.BillingAdmin }));
        Assert.Equal([Refusal.Forbidden, null, Refusal.NotFound], Asked(Member with { IsSupport = true }));
        Assert.Equal([null, null, null], Asked(Member with { Role = MemberRole.Owner, IsAdministrator = true }));
    }

    [Fact]
    public void Who_only_looks_sees_what_their_rights_show_and_is_refused_every_command()
    {
        var visitor = Member with { Role = MemberRole.Owner, ReadOnly = true };

        Assert.All(Asked(visitor), refusal => Assert.Equal(Refusal.ReadOnly, refusal));
        Assert.Equal([null, Refusal.NotFound, Refusal.NotFound], Rights.Select(visitor.WhyNotSee));
    }

    private static IEnumerable<Refusal?> Asked(Caller caller) => Rights.Select(caller.WhyNot);
}
