using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Components.Pages.Audit;
using Portal.Data;
using Portal.Data.Support;
using Portal.Support;
using Portal.Support.Audit;
using Portal.Tests.Accounts.Members;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Support.Audit;

public sealed class AuditLogTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task The_audit_is_asked_for_a_person_an_action_an_account_and_a_day(DatabaseProvider provider)
    {
        await using var scene = await MemberScene.Start(provider);
        var admin = scene.Stranger with { IsAdministrator = true };
        await Write(scene);

        Assert.Equal(["3", "2", "1"], await Subjects(new AuditFilter()));
        Assert.Equal(["2", "1"], await Subjects(new AuditFilter(Person: "OWNER@school")));
        Assert.Equal(["3", "1"], await Subjects(new AuditFilter(Action: "plan.")));
        Assert.Equal(["1"], await Subjects(new AuditFilter(Account: "Scho")));
        Assert.Equal(["1"], await Subjects(new AuditFilter(Account: $"{scene.Account}")));
        Assert.Equal(["3"], await Subjects(new AuditFilter(Day: DateOnly.FromDateTime(scene.Time.GetUtcNow().AddDays(2).UtcDateTime))));
        Assert.Empty(await Subjects(new AuditFilter(Person: "owner\0", Action: "plan.'--", Account: "%")));

        async Task<List<string>> Subjects(AuditFilter filter) => [.. (await scene.Get<AuditLog>().Read(admin with { TimeZone = "UTC" }, filter, 0, Cancel)).Value.Lines.Where(l => l.Action.Contains("test", StringComparison.Ordinal)).Select(l => l.Subject)];
    }

    [Theory]
    [InlineData("2026-11-22", true)]
    [InlineData("9999-12-31", false)]
    [InlineData("0001-01-01", false)]
    [InlineData("22/11/2026", false)]
    public void A_day_that_no_audit_has_is_none(string text, bool isDay) => Assert.Equal(isDay, AuditEndpoints.DayOf(text) is not null);

    [Fact]
    public async Task The_export_has_every_entry_and_no_cell_that_a_spreadsheet_runs()
    {
        await using var scene = await MemberScene.Start(DatabaseProvider.Sqlite);
        await Write(scene);
        await scene.Get<AuditSealer>().Seal(Cancel);
        using var file = new MemoryStream();

        Assert.Null((await scene.Get<AuditExport>().Write(scene.Stranger with { IsAdministrator = true }, new AuditFilter(Action: "plan.test"), file, Cancel)).Refusal);

        var lines = Encoding.UTF8.GetString(file.ToArray()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.Equal("\uFEFFnumber,time,person,action,account,account_name,subject,detail,before,after,reason,hash", lines[0]);
        Assert.Contains(",owner@school.example,plan.test,", lines[1], StringComparison.Ordinal);
        Assert.Contains("'=HYPERLINK", lines[1], StringComparison.Ordinal);
        Assert.DoesNotContain(lines.SelectMany(line => line.Split(',')), cell => cell.StartsWith('=') || cell.StartsWith("\"=", StringComparison.Ordinal));
        Assert.Matches("[0-9a-f]{64}$", lines[2]);
    }

    [Fact]
    public async Task Nobody_but_an_administrator_reads_it()
    {
        await using var scene = await MemberScene.Start(DatabaseProvider.Sqlite);
        using var file = new MemoryStream();

        Assert.Equal(Refusal.NotFound, (await scene.Get<AuditLog>().Read(scene.Owner, new AuditFilter(), 0, Cancel)).Refusal);
        Assert.Equal(Refusal.NotFound, (await scene.Get<AuditLog>().Read(scene.Owner with { IsSupport = true }, new AuditFilter(), 0, Cancel)).Refusal);
        Assert.Equal(Refusal.NotFound, (await scene.Get<AuditExport>().Write(scene.Owner with { IsSupport = true }, new AuditFilter(), file, Cancel)).Refusal);
        Assert.Equal(0, file.Length);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Opening_a_customers_file_is_a_deed_of_its_own_once_a_visit(DatabaseProvider provider)
    {
        await using var scene = await MemberScene.Start(provider);
        var staff = scene.Stranger with { IsSupport = true };
        var openings = scene.Get<CustomerOpenings>();

        Assert.Equal(Refusal.NotFound, (await openings.Note(scene.Owner, scene.Account, Cancel)).Refusal);
        Assert.Equal(Refusal.NotFound, (await openings.Note(staff, Guid.NewGuid(), Cancel)).Refusal);
        Assert.Null((await openings.Note(staff, scene.Account, Cancel)).Refusal);
        Assert.Null((await openings.Note(staff, scene.Account, Cancel)).Refusal);
        scene.Time.Advance(TimeSpan.FromHours(1));
        Assert.Null((await openings.Note(staff, scene.Account, Cancel)).Refusal);

        await using var db = scene.Open();
        Assert.Equal(2, await db.AuditEntries.CountAsync(a => a.Action == "customer.opened" && a.AccountId == scene.Account && a.PersonId == staff.PersonId, Cancel));
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Opening_what_is_a_persons_opens_the_file_of_their_account(DatabaseProvider provider)
    {
        await using var scene = await MemberScene.Start(provider);
        var staff = scene.Stranger with { IsSupport = true };
        var openings = scene.Get<CustomerOpenings>();

        Assert.Equal(Refusal.NotFound, (await openings.NotePerson(scene.Owner, scene.Student.PersonId, Cancel)).Refusal);
        Assert.Equal(Refusal.NotFound, (await openings.NotePerson(staff, Guid.NewGuid(), Cancel)).Refusal);
        Assert.Null((await openings.NotePerson(staff, scene.Student.PersonId, Cancel)).Refusal);
        Assert.Null((await openings.Note(staff, scene.Account, Cancel)).Refusal);

        await using var db = scene.Open();
        Assert.Equal(1, await db.AuditEntries.CountAsync(a => a.Action == "customer.opened" && a.AccountId == scene.Account && a.PersonId == staff.PersonId, Cancel));
    }

    private static async Task Write(MemberScene scene)
    {
        await using var db = scene.Open();
        var now = scene.Time.GetUtcNow();
        db.AuditEntries.AddRange(
            new AuditEntry { At = now, PersonId = scene.Owner.PersonId, AccountId = scene.Account, Action = "plan.test", Subject = "1", Detail = "=HYPERLINK(\"x\")" },
            new AuditEntry { At = now, PersonId = scene.Owner.PersonId, Action = "key.test", Subject = "2" },
            new AuditEntry { At = now.AddDays(2), PersonId = Guid.Empty, Action = "plan.test", Subject = "3", Reason = "asked" });
        await db.SaveChangesAsync(Cancel);
    }
}
