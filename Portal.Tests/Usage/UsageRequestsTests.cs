using Portal.Data;
using Portal.Tests.Fixtures;
using Portal.Usage;

namespace Portal.Tests.Usage;

public sealed class UsageRequestsTests
{
    private readonly FakeTime time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Requests_come_in_pages_newest_first_with_their_member(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var rows = new UsageRows(database, time);
        var owner = await rows.Open();
        var student = await rows.Join(owner, "Student");
        var first = await rows.Add(student, time.GetUtcNow().AddHours(-3), "shapes", units: 2, covered: 2);
        var second = await rows.Add(owner, time.GetUtcNow().AddHours(-2), units: 90, charged: 5_000);
        var third = await rows.Add(owner, time.GetUtcNow().AddHours(-1));
        await rows.Add(owner, time.GetUtcNow().AddDays(-8));
        var requests = new UsageRequests(database.Factory, time);

        var page = (await requests.Page(owner, new UsageFilter(UsageRange.Days7), 0, 2, Cancel)).Value;
        var rest = (await requests.Page(owner, new UsageFilter(UsageRange.Days7), 2, 2, Cancel)).Value;
        var own = (await requests.Page(student, new UsageFilter(UsageRange.Days7), 0, 10, Cancel)).Value;

        Assert.Equal((3, 3, 1), (page.Total, rest.Total, own.Total));
        Assert.Equal([third, second], page.Requests.Select(r => r.Id));
        Assert.Equal((90, 5_000), (page.Requests[1].Units, page.Requests[1].ChargedNanos));
        var image = Assert.Single(rest.Requests);
        Assert.Equal((first, "Student", Unit.Images, 2, 2), (image.Id, image.Member, image.Unit, image.Units, image.CoveredUnits));
        Assert.Equal(image, Assert.Single(own.Requests));
    }

    [Fact]
    public async Task A_receipt_is_found_by_its_seat_its_account_and_staff_and_by_nobody_else()
    {
        await using var database = await TestDatabase.CreateAsync();
        var rows = new UsageRows(database, time);
        var owner = await rows.Open();
        var student = await rows.Join(owner, "Student");
        var classmate = await rows.Join(owner, "Classmate");
        var stranger = await rows.Open();
        var id = await rows.Add(student, time.GetUtcNow(), units: 40, covered: 25, charged: 15);
        var requests = new UsageRequests(database.Factory, time);

        foreach (var caller in (Caller[])[student, owner, stranger with { IsSupport = true }])
        {
            var receipt = (await requests.Receipt(caller, id, Cancel)).Value;
            Assert.Equal((id, 25, 15), (receipt.HoldId, receipt.CoveredUnits, receipt.ChargedNanos));
        }
        Assert.Equal(Refusal.NotFound, (await requests.Receipt(classmate, id, Cancel)).Refusal);
        Assert.Equal(Refusal.NotFound, (await requests.Receipt(stranger, id, Cancel)).Refusal);
        Assert.Equal(Refusal.NotFound, (await requests.Receipt(owner, Guid.NewGuid(), Cancel)).Refusal);
    }
}
