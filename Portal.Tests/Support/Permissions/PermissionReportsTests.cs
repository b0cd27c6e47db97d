using System.Data.Common;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Portal.Accounts;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Support;
using Portal.Support.Audit;
using Portal.Support.Permissions;
using Portal.Tests.Accounts.Members;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Support.Permissions;

public sealed class PermissionReportsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task The_month_that_is_over_is_reported_once_and_stays_as_it_was(DatabaseProvider provider)
    {
        await using var scene = await MemberScene.Start(provider);
        var admin = scene.Owner with { IsAdministrator = true };
        await MakeStaff(scene, (scene.Owner, Roles.Administrator), (scene.Stranger, Roles.Support));
        Assert.Null((await scene.Desk.ChangeRole(scene.Owner, scene.Student.MembershipId, MemberRole.BillingAdmin, Cancel)).Refusal);
        await scene.Get<AuditSealer>().Seal(Cancel);
        scene.Time.SetUtcNow(new DateTimeOffset(2026, 8, 1, 0, 5, 0, TimeSpan.Zero));

        Assert.Equal(1, await scene.Get<PermissionReporter>().Write(Cancel));
        Assert.Equal(0, await scene.Get<PermissionReporter>().Write(Cancel));
        Assert.Null((await scene.Desk.ChangeRole(scene.Owner, scene.Student.MembershipId, MemberRole.Member, Cancel)).Refusal);

        var july = new DateTimeOffset(2026, 7, 1, 0, 0, 0, TimeSpan.Zero);
        Assert.Equal([july], (await scene.Get<PermissionReports>().List(admin, Cancel)).Value);
        var report = (await scene.Get<PermissionReports>().Read(admin, null, Cancel)).Value;
        Assert.Equal([("owner@college.example", Roles.Support, true), ("owner@school.example", Roles.Administrator, false)], report.Body.Staff.Select(s => (s.Email, s.Roles, s.Unused)));
        Assert.Equal(["admin@school.example", "owner@school.example", "student@school.example"], report.Body.Accounts.Where(a => a.Account == "School").Select(a => a.Email));
        Assert.Equal([("College", 0), ("School", 1)], report.Body.Organisations.Select(o => (o.Account, o.Members)));
        var change = Assert.Single(report.Body.Changes, c => c.Action == "member.role");
        Assert.Equal(("owner@school.example", "School"), (change.By, change.Account));
        await using var db = scene.Open();
        Assert.Equal(report.AuditHash, await db.AuditEntries.Where(a => a.Sequence == report.AuditSequence).Select(a => a.Hash).SingleAsync(Cancel));
    }

    [Fact]
    public async Task It_is_for_administrators_and_its_file_runs_no_formula()
    {
        await using var scene = await MemberScene.Start(DatabaseProvider.Sqlite);
        await using (var db = scene.Open())
        {
            db.AuditEntries.Add(new AuditEntry { At = scene.Time.GetUtcNow(), PersonId = scene.Owner.PersonId, Action = "person.locked", Subject = "x", Detail = "=1+1", Reason = "@SUM(A1)" });
            await db.SaveChangesAsync(Cancel);
        }

        scene.Time.Advance(TimeSpan.FromDays(31));
        await scene.Get<PermissionReporter>().Write(Cancel);
        var (reports, month) = (scene.Get<PermissionReports>(), new DateTimeOffset(2026, 7, 1, 0, 0, 0, TimeSpan.Zero));
        using var file = new MemoryStream();

        Assert.Equal(Refusal.NotFound, (await reports.List(scene.Owner with { IsSupport = true }, Cancel)).Refusal);
        Assert.Equal(Refusal.NotFound, (await reports.Write(scene.Owner, month, file, Cancel)).Refusal);
        Assert.Equal(0, file.Length);
        Assert.Null((await reports.Write(scene.Owner with { IsAdministrator = true }, month, file, Cancel)).Refusal);
        var text = Encoding.UTF8.GetString(file.ToArray());
        Assert.Contains("change,owner@school.example,person.locked,,", text, StringComparison.Ordinal);
        Assert.Contains("'=1+1", text, StringComparison.Ordinal);
        Assert.Contains("'@SUM(A1)", text, StringComparison.Ordinal);
        Assert.DoesNotContain(",=", text, StringComparison.Ordinal);
    }

    /// <summary>SQLite lets nobody write meanwhile.</summary>
    [Fact]
    public async Task What_changes_while_it_is_written_is_in_all_of_it_or_in_nothing()
    {
        await using var scene = await MemberScene.Start(DatabaseProvider.PostgreSql);
        scene.Time.Advance(TimeSpan.FromDays(31));
        var changes = new AfterFirstRead(async () => Assert.Null((await scene.Desk.ChangeRole(scene.Owner, scene.Student.MembershipId, MemberRole.BillingAdmin, Cancel)).Refusal));
        var databases = new Watched(((PortalDbFactory)scene.Get<IDbContextFactory<PortalDb>>()).ConnectionString, changes);

        Assert.Equal(1, await new PermissionReporter(databases, scene.Time).Write(Cancel));

        var body = (await scene.Get<PermissionReports>().Read(scene.Owner with { IsAdministrator = true }, null, Cancel)).Value.Body;
        Assert.True(changes.Done);
        Assert.DoesNotContain(body.Accounts, a => a.Email == "student@school.example");
        Assert.Equal(2, body.Organisations.Single(o => o.Account == "School").Members);
    }

    private sealed class Watched(string connection, AfterFirstRead changes) : IDbContextFactory<PortalDb>
    {
        public PortalDb CreateDbContext() => new PostgreSqlPortalDb(new DbContextOptionsBuilder<PostgreSqlPortalDb>().UseNpgsql(connection).AddInterceptors(changes).Options);
    }

    /// <summary>Lets somebody act between the first read of a transaction and the others.</summary>
    private sealed class AfterFirstRead(Func<Task> act) : DbCommandInterceptor
    {
        public bool Done { get; private set; }

        public override async ValueTask<InterceptionResult> DataReaderClosingAsync(
            DbCommand command, DataReaderClosingEventData eventData, InterceptionResult result)
        {
            if (!Done && command.Transaction is not null)
            {
                Done = true;
                await act();
            }

            return result;
        }
    }

    private static async Task MakeStaff(MemberScene scene, params (Caller Person, string Role)[] staff)
    {
        await using var db = scene.Open();
        foreach (var (person, name) in staff)
        {
            var role = new IdentityRole<Guid>(name) { Id = Guid.NewGuid(), NormalizedName = name.ToUpperInvariant() };
            db.Roles.Add(role);
            db.UserRoles.Add(new() { RoleId = role.Id, UserId = person.PersonId });
        }

        db.SignIns.Add(new SignInRecord { PersonId = scene.Stranger.PersonId, At = scene.Time.GetUtcNow().AddMonths(-2), Outcome = SignInOutcome.Done });
        await db.SaveChangesAsync(Cancel);
    }
}
