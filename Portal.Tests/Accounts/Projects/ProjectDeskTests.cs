using Microsoft.EntityFrameworkCore;
using Portal.Accounts.Keys;
using Portal.Accounts;
using Portal.Accounts.Projects;
using Portal.Data;
using Portal.Tests.Fixtures;
using Portal.Tests.Prompts;

namespace Portal.Tests.Accounts.Projects;

public sealed class ProjectDeskTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task A_project_is_made_named_chosen_for_a_key_and_archived_when_it_has_none(DatabaseProvider provider)
    {
        await using var scene = await PromptScene.Start(provider);
        var (desk, keys, owner) = (new ProjectDesk(scene.Database.Factory, scene.Time), new ApiKeys(scene.Database.Factory, scene.Time, new KeyDoor(scene.Database.Factory, scene.Time)), scene.Owner);
        scene.Time.Advance(TimeSpan.FromMinutes(1));
        var project = (await desk.Create(owner, " Shop ", Cancel)).Value;
        Assert.Null((await desk.Rename(owner, project, "Web shop", Cancel)).Refusal);
        var key = (await keys.Create(owner, new KeyTerms("Website", project), Cancel)).Value;

        Assert.Equal([("Default", 0, true), ("Web shop", 1, false)], (await desk.List(owner, Cancel)).Select(p => (p.Name, p.Keys, p.First)));
        Assert.Equal("Web shop", Assert.Single(await keys.List(owner, Cancel)).Project);
        Assert.Equal(project, (await new KeyDoor(scene.Database.Factory, scene.Time).Open(key.Secret, Cancel)).Value.ProjectId);
        Assert.Equal(new Refusal("project.keys", "1"), (await desk.Archive(owner, project, Cancel)).Refusal);

        Assert.Null((await keys.Revoke(owner, key.Id, Cancel)).Refusal);
        Assert.Null((await desk.Archive(owner, project, Cancel)).Refusal);
        Assert.Equal(Refusal.NotFound, (await keys.Create(owner, new KeyTerms("Late", project), Cancel)).Refusal);
        Assert.Equal(Refusal.NotFound, (await desk.Rename(owner, project, "Again", Cancel)).Refusal);
        await using var db = scene.Database.Open();
        Assert.Equal(
            ["project.created Shop", "project.renamed Shop → Web shop", "project.archived Web shop"],
            await db.AuditEntries.Where(a => a.Action.StartsWith("project.")).OrderBy(a => a.Id).Select(a => a.Action + " " + a.Detail).ToListAsync(Cancel));
    }

    [Fact]
    public async Task The_last_project_stays_and_archiving_the_oldest_moves_the_browser_to_the_next()
    {
        await using var scene = await PromptScene.Start();
        var (desk, owner) = (new ProjectDesk(scene.Database.Factory, scene.Time), scene.Owner);
        Assert.Equal(new Refusal("project.last"), (await desk.Archive(owner, owner.ProjectId, Cancel)).Refusal);
        scene.Time.Advance(TimeSpan.FromMinutes(1));
        var next = (await desk.Create(owner, "Shop", Cancel)).Value;

        Assert.Null((await desk.Archive(owner, owner.ProjectId, Cancel)).Refusal);

        Assert.Equal(next, Assert.Single(await desk.List(owner, Cancel)).Id);
        var user = new System.Security.Claims.ClaimsPrincipal(new System.Security.Claims.ClaimsIdentity([new(System.Security.Claims.ClaimTypes.NameIdentifier, $"{owner.PersonId}")]));
        Assert.Equal(next, (await new Callers(scene.Database.Factory, scene.Time).Resolve(user, Cancel))!.ProjectId);
    }

    [Theory, MemberData(nameof(Databases.All), MemberType = typeof(Databases))]
    public async Task Other_accounts_projects_are_not_found_and_members_change_none(DatabaseProvider provider)
    {
        await using var scene = await PromptScene.Start(provider);
        var (desk, keys, owner) = (new ProjectDesk(scene.Database.Factory, scene.Time), new ApiKeys(scene.Database.Factory, scene.Time, new KeyDoor(scene.Database.Factory, scene.Time)), scene.Owner);
        var student = await scene.Student();
        var (account, seat) = await Books.OpenAccount(scene.Database.Factory, scene.Time);
        var stranger = owner with { AccountId = account.Id, MembershipId = seat.Id, PersonId = seat.PersonId };

        Assert.Equal(Refusal.NotFound, (await desk.Rename(stranger, owner.ProjectId, "Mine", Cancel)).Refusal);
        Assert.Equal(Refusal.NotFound, (await desk.Archive(stranger, owner.ProjectId, Cancel)).Refusal);
        Assert.Equal(Refusal.NotFound, (await keys.Create(stranger, new KeyTerms("Website", owner.ProjectId), Cancel)).Refusal);
        Assert.Equal(Refusal.Forbidden, (await desk.Create(student, "Mine", Cancel)).Refusal);
        Assert.Equal(Refusal.Forbidden, (await desk.Rename(student, owner.ProjectId, "Mine", Cancel)).Refusal);
        Assert.Equal(Refusal.Forbidden, (await desk.Archive(student, owner.ProjectId, Cancel)).Refusal);
        Assert.Equal("Default", Assert.Single(await desk.List(student, Cancel)).Name);
    }

    [Theory]
    [InlineData(" ", "project.name")]
    [InlineData("a\tb", "project.name")]
    [InlineData("Default", "project.taken")]
    public async Task A_project_needs_a_name_of_its_own(string name, string refusal)
    {
        await using var scene = await PromptScene.Start();
        var desk = new ProjectDesk(scene.Database.Factory, scene.Time);

        Assert.Equal(refusal, (await desk.Create(scene.Owner, name, Cancel)).Refusal?.Code);
        Assert.Equal("project.name", (await desk.Rename(scene.Owner, scene.Owner.ProjectId, new string('x', 81), Cancel)).Refusal?.Code);
        Assert.Single(await desk.List(scene.Owner, Cancel));
    }
}
