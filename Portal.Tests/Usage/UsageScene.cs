using Microsoft.Extensions.DependencyInjection;
using Portal.Data.Accounts;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Usage;

/// <summary>Usage of a person of a running portal, for the tests of its pages.</summary>
internal static class UsageScene
{
    /// <summary>41 prompts over the last 30 days, 10 of them images; the newest a moment ago.</summary>
    public static async Task WriteMonthAsync(PortalApp app, TestPerson person)
    {
        var now = app.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        var (rows, caller) = await Open(app, person);
        await rows.Add(caller, Enumerable.Range(0, 41).Select(i => (
            now.AddHours(-16 * i).AddMinutes(-1), i % 4 == 3 ? "shapes" : "guide", i % 4 == 3 ? 2L : 700L + (37 * i), i % 3 == 0 ? 0L : 1L, (i % 3 == 0 ? 410_000_000L : 37_000L) * (1 + (i % 5)))));
    }

    /// <summary>One more, of 4,242 tokens.</summary>
    public static async Task WriteOneAsync(PortalApp app, TestPerson person)
    {
        var (rows, caller) = await Open(app, person);
        await rows.Add(caller, app.Services.GetRequiredService<TimeProvider>().GetUtcNow(), units: 4_242, charged: 5_000_000);
    }

    private static async Task<(UsageRows Rows, Caller Caller)> Open(PortalApp app, TestPerson person)
    {
        await using var db = app.Database.Open();
        var seat = db.Memberships.Single(m => m.AccountId == person.AccountId);
        var caller = new Caller(
            person.Id, person.Email, "Somebody", person.AccountId, AccountKind.Personal, "Somebody's", "Asia/Shanghai", seat.Id, MemberRole.Owner, Guid.NewGuid(), null, false, false);
        return (new UsageRows(app.Database, new FakeTime()), caller);
    }
}
