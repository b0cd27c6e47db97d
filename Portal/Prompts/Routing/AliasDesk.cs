using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Prompts;
using Portal.Data.Support;
using Portal.Inference;

namespace Portal.Prompts.Routing;

/// <summary>Where administrators say which model an alias means. A change counts on every node within seconds, for prompts that begin from then on.</summary>
public sealed class AliasDesk(IDbContextFactory<PortalDb> databases, AliasTable table, PromptModels models, TimeProvider clock)
{
    public const int PercentMax = 99;

    public async Task<Outcome<IReadOnlyList<AliasView>>> List(Caller caller, CancellationToken cancel = default)
    {
        if (caller.WhyNotSee(Right.Administer) is { } no) return no;
        await using var db = databases.CreateDbContext();
        var aliases = await db.ModelAliases.AsNoTracking().OrderBy(a => a.Unit).ThenBy(a => a.Name).ToListAsync(cancel);
        var figures = await db.AliasFigures.AsNoTracking().Where(f => db.ModelAliases.Any(a => a.Id == f.AliasId && a.Version == f.Version)).ToListAsync(cancel);
        return aliases.ConvertAll(a => new AliasView(a, SideOf(a, false), SideOf(a, true)));

        CanarySide? SideOf(ModelAlias alias, bool canary) => alias.Canary is null ? null
            : figures.Find(f => f.AliasId == alias.Id && f.Canary == canary) is { } f ? new CanarySide(f.Requests, f.Failures, f.ChargedNanos)
            : CanarySide.None;
    }

    /// <summary>Makes or changes an alias. Refused when somebody else has changed it since it was shown; the same change again changes nothing.</summary>
    public async Task<Outcome<Done>> Set(Caller caller, AliasChange change, CancellationToken cancel = default)
    {
        if (caller.WhyNot(Right.Administer) is { } no) return no;
        change = Clean(change);
        if (WhyNot(change) is { } wrong)
        {
            return wrong;
        }

        var changed = change.Version == 0 ? await Make(caller, change, cancel) : await Update(caller, change, cancel);
        table.Forget();
        return changed ? default(Done) : await IsAlready(change, cancel) ? default(Done) : new Refusal("alias.changed", change.Name);
    }

    /// <summary>Nobody can ask for the name any more. Removing it again changes nothing.</summary>
    public async Task<Outcome<Done>> Remove(Caller caller, Guid aliasId, CancellationToken cancel = default)
    {
        if (caller.WhyNot(Right.Administer) is { } no) return no;
        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var alias = await db.ModelAliases.AsNoTracking().FirstOrDefaultAsync(a => a.Id == aliasId, cancel);
        await db.AliasFigures.Where(f => f.AliasId == aliasId).ExecuteDeleteAsync(cancel);
        if (await db.ModelAliases.Where(a => a.Id == aliasId).ExecuteDeleteAsync(cancel) == 1)
        {
            Audit(db, caller, "alias.removed", aliasId, $"{alias!.Name}: {alias.Model}");
            await db.SaveChangesAsync(cancel);
        }

        await transaction.CommitAsync(cancel);
        table.Forget();
        return default(Done);
    }

    private static AliasChange Clean(AliasChange change) => string.IsNullOrEmpty(change.Canary)
        ? change with { Name = change.Name.Trim(), Canary = null, CanaryPercent = 0 }
        : change with { Name = change.Name.Trim() };

    private Refusal? WhyNot(AliasChange change) =>
        !Aliases.IsName(change.Name) ? new Refusal("alias.name", $"{Aliases.NameLengthMax}", Aliases.Auto)
        : !IsModel(change.Model, change.Unit) ? new Refusal("alias.model", change.Model)
        : change.Canary is not { } canary ? null
        : canary == change.Model || !IsModel(canary, change.Unit) ? new Refusal("alias.canary", canary)
        : change.CanaryPercent is < 1 or > PercentMax ? new Refusal("alias.percent", $"{PercentMax}")
        : null;

    private bool IsModel(string id, Unit unit) => models.All().Any(m => m.Id == id && m.Kind == (unit == Unit.Images ? ModelKind.Image : ModelKind.Text));

    /// <returns>False when there is an alias of that name.</returns>
    private async Task<bool> Make(Caller caller, AliasChange change, CancellationToken cancel)
    {
        await using var db = databases.CreateDbContext();
        if (await db.ModelAliases.AnyAsync(a => a.Unit == change.Unit && a.Name == change.Name, cancel))
        {
            return false;
        }

        var alias = new ModelAlias
        {
            Id = Guid.CreateVersion7(clock.GetUtcNow()), Unit = change.Unit, Name = change.Name, Model = change.Model, Canary = change.Canary,
            CanaryPercent = change.CanaryPercent, Version = 1, ChangedAt = clock.GetUtcNow(),
        };
        db.ModelAliases.Add(alias);
        Audit(db, caller, "alias.made", alias.Id, Told(change));
        try
        {
            await db.SaveChangesAsync(cancel);
            return true;
        }
        catch (DbUpdateException)
        {
            // The other click of a double click was first, or another administrator; anything else is a failure.
            await using var again = databases.CreateDbContext();
            if (!await again.ModelAliases.AnyAsync(a => a.Unit == change.Unit && a.Name == change.Name, cancel))
            {
                throw;
            }

            return false;
        }
    }

    /// <returns>False when it is not the version that was shown.</returns>
    private async Task<bool> Update(Caller caller, AliasChange change, CancellationToken cancel)
    {
        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var now = clock.GetUtcNow();
        var updated = await db.ModelAliases.Where(a => a.Unit == change.Unit && a.Name == change.Name && a.Version == change.Version)
            .ExecuteUpdateAsync(set => set
                .SetProperty(a => a.Model, change.Model).SetProperty(a => a.Canary, change.Canary).SetProperty(a => a.CanaryPercent, change.CanaryPercent)
                .SetProperty(a => a.Version, a => a.Version + 1).SetProperty(a => a.ChangedAt, now)
                .SetProperty(a => a.RolledBackModel, (string?)null).SetProperty(a => a.RolledBackAt, (DateTimeOffset?)null).SetProperty(a => a.RollbackReason, (string?)null), cancel);
        if (updated == 1)
        {
            var id = await db.ModelAliases.Where(a => a.Unit == change.Unit && a.Name == change.Name).Select(a => a.Id).SingleAsync(cancel);
            Audit(db, caller, "alias.changed", id, Told(change));
            await db.SaveChangesAsync(cancel);
        }

        await transaction.CommitAsync(cancel);
        return updated == 1;
    }

    private async Task<bool> IsAlready(AliasChange change, CancellationToken cancel)
    {
        await using var db = databases.CreateDbContext();
        return await db.ModelAliases.AnyAsync(
            a => a.Unit == change.Unit && a.Name == change.Name && a.Version == change.Version + 1 && a.Model == change.Model && a.Canary == change.Canary && a.CanaryPercent == change.CanaryPercent, cancel);
    }

    private void Audit(PortalDb db, Caller caller, string action, Guid aliasId, string detail) => db.AuditEntries.Add(new AuditEntry
    {
        At = clock.GetUtcNow(), PersonId = caller.PersonId, Action = action, Subject = $"{aliasId}", Detail = detail,
    });

    private static string Told(AliasChange change) =>
        change.Canary is null ? $"{change.Name}: {change.Model}" : $"{change.Name}: {change.Model}, {change.CanaryPercent} % {change.Canary}";
}
