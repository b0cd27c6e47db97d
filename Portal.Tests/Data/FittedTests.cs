using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Jobs;
using Portal.Data.Payments;
using Portal.Data.Support;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Data;

/// <summary>Text that is put together from others' words fits its column, on engines that refuse what does not.</summary>
public sealed class FittedTests
{
    [Theory]
    [InlineData("short", 5, "short")]
    [InlineData("longer", 5, "long…")]
    [InlineData("abc👍👍", 5, "abc…")]
    [InlineData("abcde\u0301fg", 6, "abcd…")]
    [InlineData("ab👩‍🚀cd", 6, "ab…")]
    public void It_is_cut_between_two_characters_as_people_see_them(string text, int most, string expected) => Assert.Equal(expected, Fitted.To(text, most));

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Whatever_is_composed_is_stored(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var (long1, now) = (string.Concat(Enumerable.Repeat("云👍", 1500)), new DateTimeOffset(2026, 7, 1, 0, 0, 0, default));
        await using (var db = database.Open())
        {
            db.AuditEntries.Add(new AuditEntry { At = now, Action = "pool.made", Subject = long1, Detail = long1, Before = long1, After = long1, Reason = long1 });
            db.OutboxMails.Add(new OutboxMail { Id = Guid.NewGuid(), DedupKey = "1", To = "a@example.com", Subject = long1, Html = long1, CreatedAt = now, NextAttemptAt = now });
            db.WebhookEvents.Add(new WebhookEvent { Id = "evt_1", Type = "charge.updated", Body = "{}", ReceivedAt = now, Error = long1 });
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        await using var after = database.Open();
        var entry = await after.AuditEntries.SingleAsync(TestContext.Current.CancellationToken);
        Assert.All(
            [entry.Subject, entry.Detail, entry.Before!, entry.After!, entry.Reason!, (await after.OutboxMails.SingleAsync()).Subject, (await after.WebhookEvents.SingleAsync()).Error!],
            text => Assert.Equal((true, "…"), (long1.StartsWith(text[..^1], StringComparison.Ordinal), text[^1..])));
        Assert.InRange(entry.Detail.Length, AuditEntry.DetailLengthMax - 2, AuditEntry.DetailLengthMax);
    }
}
