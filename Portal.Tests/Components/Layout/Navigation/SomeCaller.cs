using Portal.Data.Accounts;

namespace Portal.Tests.Components.Layout.Navigation;

internal static class SomeCaller
{
    public static Caller With(MemberRole role, Guid? account = null) => new(
        Guid.NewGuid(), "ada@example.org", "Ada", account ?? Guid.NewGuid(), role == MemberRole.Member ? AccountKind.Organisation : AccountKind.Personal, "Ada", "Asia/Shanghai",
        Guid.NewGuid(), role, Guid.NewGuid(), null, IsSupport: false, IsAdministrator: false);
}
