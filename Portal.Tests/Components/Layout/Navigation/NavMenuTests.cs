using Bunit;
using Portal.Components.Layout.Navigation;
using Portal.Data.Accounts;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Components.Layout.Navigation;

public sealed class NavMenuTests : ComponentTest
{
    private static readonly string[] Customer = ["Overview", "Plans", "Billing", "Usage", "Playground", "API keys", "Alerts", "Invoices", "Members", "Support"];

    [Theory]
    [InlineData(MemberRole.Owner)]
    [InlineData(MemberRole.BillingAdmin)]
    public void Whoever_pays_sees_every_destination(MemberRole role) => Assert.Equal(Customer, Names(SomeCaller.With(role)));

    [Fact]
    public void A_student_sees_what_a_seat_has_use_for() =>
        Assert.Equal(["Overview", "Usage", "Playground", "API keys", "Support"], Names(SomeCaller.With(MemberRole.Member)));

    [Fact]
    public void Support_sees_the_desk_and_administrators_the_coupons_and_jobs_too()
    {
        Assert.Equal([.. Customer, "Support desk"], Names(SomeCaller.With(MemberRole.Owner) with { IsSupport = true }));
        Assert.Equal([.. Customer, "Support desk", "Catalogue", "Coupons", "Shared instances", "Models", "Reconciliation", "Audit log", "Jobs"], Names(SomeCaller.With(MemberRole.Owner) with { IsAdministrator = true }));
    }

    [Fact]
    public void The_names_are_the_ones_that_the_guide_uses_in_Chinese_too()
    {
        Speak("zh-CN");
        Assert.Equal(["概览", "套餐", "账单", "用量", "试用", "API 密钥", "提醒", "发票", "成员", "支持"], Names(SomeCaller.With(MemberRole.Owner)));
    }

    private IEnumerable<string> Names(Caller caller) =>
        Render<NavMenu>(p => p.AddCascadingValue(caller)).FindAll(".nav-name").Where(name => name.ParentElement?.LocalName == "a").Select(name => name.TextContent);
}
