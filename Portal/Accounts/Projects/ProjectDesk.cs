using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Accounts;
using Portal.Data.Support;

namespace Portal.Accounts.Projects;

/// <summary>An account's projects. Everybody in it may book under them; whoever manages billing makes, names and archives them.</summary>
public sealed class ProjectDesk(IDbContextFactory<PortalDb> databases, TimeProvider clock)
{
    public const int NameMax = 80;

    /// <summary>Those in use, the oldest first.</summary>
    public async Task<IReadOnlyList<ProjectView>> List(Caller caller, CancellationToken cancel = default)
    {
        await using var db = databases.CreateDbContext();
        var projects = await db.Projects.AsNoTracking().Where(p => p.AccountId == caller.AccountId && p.ArchivedAt == null).OrderBy(p => p.CreatedAt).ThenBy(p => p.Id)
            .Select(p => new ProjectView(p.Id, p.Name, db.ApiKeys.Count(k => k.ProjectId == p.Id && k.RevokedAt == null), false, p.CacheAnswers)).ToListAsync(cancel);
        return [.. projects.Select((p, i) => p with { First = i == 0 })];
    }

    public Task<Outcome<Guid>> Create(Caller caller, string name, CancellationToken cancel = default) => Change<Guid>(
        caller,
        async (db, now) =>
        {
            name = name.Trim();
            if (await Unfit(db, caller, name, null, cancel) is { } refusal)
            {
                return refusal;
            }

            var project = new Project { Id = Guid.CreateVersion7(now), AccountId = caller.AccountId, Name = name, CreatedAt = now };
            db.Projects.Add(project);
            db.AuditEntries.Add(Entry(caller, "project.created", project.Id, name, now));
            return project.Id;
        },
        cancel);

    public Task<Outcome<Done>> Rename(Caller caller, Guid projectId, string name, CancellationToken cancel = default) => Change<Done>(
        caller,
        async (db, now) =>
        {
            name = name.Trim();
            if (await Find(db, caller, projectId, cancel) is not { } project)
            {
                return Refusal.NotFound;
            }

            if (await Unfit(db, caller, name, projectId, cancel) is { } refusal)
            {
                return refusal;
            }

            if (project.Name != name)
            {
                var entry = Entry(caller, "project.renamed", projectId, $"{project.Name} → {name}", now);
                (entry.Before, entry.After) = (project.Name, name);
                db.AuditEntries.Add(entry);
                project.Name = name;
            }

            return default(Done);
        },
        cancel);

    /// <summary>Whether prompts under a project may get earlier answers again. Off also deletes the answers that were kept of it.</summary>
    public Task<Outcome<Done>> CacheAnswers(Caller caller, Guid projectId, bool on, CancellationToken cancel = default) => Change<Done>(
        caller,
        async (db, now) =>
        {
            if (await Find(db, caller, projectId, cancel) is not { } project)
            {
                return Refusal.NotFound;
            }

            if (project.CacheAnswers != on)
            {
                project.CacheAnswers = on;
                db.AuditEntries.Add(Entry(caller, on ? "project.cache-on" : "project.cache-off", projectId, project.Name, now));
            }

            if (!on)
            {
                await db.CachedAnswers.Where(a => a.AccountId == caller.AccountId && a.ProjectId == projectId).ExecuteDeleteAsync(cancel);
            }

            return default(Done);
        },
        cancel);

    /// <summary>Takes a project out of use. Its usage stays; a key in use keeps it in use, and so does being the last one.</summary>
    public Task<Outcome<Done>> Archive(Caller caller, Guid projectId, CancellationToken cancel = default) => Change<Done>(
        caller,
        async (db, now) =>
        {
            if (await Find(db, caller, projectId, cancel) is not { } project)
            {
                return Refusal.NotFound;
            }

            if (!await db.Projects.AnyAsync(p => p.AccountId == caller.AccountId && p.ArchivedAt == null && p.Id != projectId, cancel))
            {
                return new Refusal("project.last");
            }

            // Written before the keys are counted: whoever makes one locks the project too, and either is seen here or finds it archived.
            project.ArchivedAt = now;
            db.AuditEntries.Add(Entry(caller, "project.archived", projectId, project.Name, now));
            await db.SaveChangesAsync(cancel);
            var keys = await db.ApiKeys.CountAsync(k => k.ProjectId == projectId && k.RevokedAt == null, cancel);
            return keys == 0 ? default(Done) : new Refusal("project.keys", $"{keys}");
        },
        cancel);

    /// <summary>One change of an account's projects at a time: the account's row is the lock. A refusal rolls back.</summary>
    private async Task<Outcome<T>> Change<T>(Caller caller, Func<PortalDb, DateTimeOffset, Task<Outcome<T>>> work, CancellationToken cancel)
    {
        if (caller.ReadOnly) return Refusal.ReadOnly;
        if (!caller.ManagesBilling || caller.ApiKeyId is not null)
        {
            return Refusal.Forbidden;
        }

        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await db.Accounts.Where(a => a.Id == caller.AccountId).ExecuteUpdateAsync(set => set.SetProperty(a => a.Name, a => a.Name), cancel);
        var outcome = await work(db, clock.GetUtcNow());
        if (outcome.IsDone(out _))
        {
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
        }

        return outcome;
    }

    private static Task<Project?> Find(PortalDb db, Caller caller, Guid projectId, CancellationToken cancel) =>
        db.Projects.FirstOrDefaultAsync(p => p.Id == projectId && p.AccountId == caller.AccountId && p.ArchivedAt == null, cancel);

    private static async Task<Refusal?> Unfit(PortalDb db, Caller caller, string name, Guid? itself, CancellationToken cancel)
    {
        if (name.Length is 0 or > NameMax || name.Any(char.IsControl))
        {
            return new Refusal("project.name", $"{NameMax}");
        }

        return await db.Projects.AnyAsync(p => p.AccountId == caller.AccountId && p.ArchivedAt == null && p.Id != itself && p.Name == name, cancel)
            ? new Refusal("project.taken", name)
            : null;
    }

    private static AuditEntry Entry(Caller caller, string action, Guid projectId, string detail, DateTimeOffset now) =>
        new() { At = now, PersonId = caller.PersonId, AccountId = caller.AccountId, Action = action, Subject = $"{projectId}", Detail = detail };
}
