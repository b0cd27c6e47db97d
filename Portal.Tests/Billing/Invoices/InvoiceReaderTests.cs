using Portal.Billing.Invoices;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Billing;

namespace Portal.Tests.Billing.Invoices;

public sealed class InvoiceReaderTests
{
    [Fact]
    public async Task Documents_are_listed_newest_first_and_read_with_the_plans_names()
    {
        await using var scene = await BillingScene.CreateAsync();
        var ada = await scene.OpenAccountAsync(credit: 1000);
        await scene.ChooseAsync(ada, "image-basic");
        scene.Time.Advance(TimeSpan.FromDays(1));
        await scene.ChooseAsync(ada, "image-advanced");
        var reader = new InvoiceReader(scene.Databases);

        var list = (await reader.List(ada, 10)).Value;
        var newest = (await reader.Read(ada, list[0].Id)).Value;

        Assert.Equal(["INV-2026-000002", "INV-2026-000001"], list.Select(i => i.Number));
        Assert.Equal("INV-2026-000002", Assert.Single((await reader.List(ada, 1)).Value).Number);
        Assert.Equal([("plan", "Advanced", "进阶版"), ("credit", "Basic", "基础版")], newest.Lines.Select(l => (l.Kind, l.PlanEn, l.PlanZh)));
        Assert.Equal(newest.Total, newest.Lines.Aggregate(Money.Zero, (sum, l) => sum + l.Amount));
    }

    [Fact]
    public async Task Others_documents_are_not_found_and_students_see_none()
    {
        await using var scene = await BillingScene.CreateAsync();
        var ada = await scene.OpenAccountAsync(AccountKind.Organisation, credit: 1000);
        var invoice = (await scene.ChooseAsync(ada, "image-basic")).Value.InvoiceId!.Value;
        var other = await scene.OpenAccountAsync();
        var student = await scene.JoinAsync(ada, MemberRole.Member);
        var reader = new InvoiceReader(scene.Databases);

        Assert.Empty((await reader.List(other, 10)).Value);
        Assert.Equal(Refusal.NotFound, (await reader.Read(other, invoice)).Refusal);
        Assert.Equal(Refusal.NotFound, (await reader.Read(student, invoice)).Refusal);
        Assert.Equal(Refusal.Forbidden, (await reader.List(student, 10)).Refusal);
        Assert.Equal(Refusal.NotFound, (await reader.Read(ada, Guid.NewGuid())).Refusal);
    }
}
