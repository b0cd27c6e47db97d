using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Usage;

/// <summary>What each project of an account used. The rollup knows no projects, so that the requests themselves are added up.</summary>
public sealed class ProjectUsage(IDbContextFactory<PortalDb> databases, TimeProvider clock)
{
    /// <returns>The dearest first; archived projects too.</returns>
    public async Task<Outcome<IReadOnlyList<ProjectSums>>> Read(Caller caller, UsageFilter filter, CancellationToken cancel = default)
    {
        await using var db = databases.CreateDbContext();
        var found = await UsageScope.Of(db, caller, filter, cancel);
        if (!found.IsDone(out var refusal, out var scope))
        {
            return refusal;
        }

        var window = await UsageWindow.Of(db, scope, filter.Range, clock.GetUtcNow(), cancel);
        var rows = await scope.Records(db).Where(u => u.At >= window.From && u.At < window.To).GroupBy(u => new { u.ProjectId, u.Unit })
            .Select(g => new
            {
                g.Key.ProjectId, g.Key.Unit, Requests = g.LongCount(), Input = g.Sum(u => u.InputTokens), Output = g.Sum(u => u.OutputTokens),
                Images = g.Sum(u => u.Images), Covered = g.Sum(u => u.CoveredUnits), Charged = g.Sum(u => u.ChargedNanos),
            }).ToListAsync(cancel);
        var names = await db.Projects.AsNoTracking().Where(p => p.AccountId == scope.AccountId).ToDictionaryAsync(p => p.Id, p => p.Name, cancel);
        return rows.GroupBy(r => r.ProjectId, r => new UsageSums(
                r.Requests, r.Input, r.Output, r.Images, r.Unit == Unit.Images ? 0 : r.Covered, r.Unit == Unit.Images ? r.Covered : 0, r.Charged))
            .Select(g => new ProjectSums(g.Key, names.GetValueOrDefault(g.Key, ""), UsageSums.Of(g)))
            .OrderByDescending(p => p.Sums.ChargedNanos).ThenByDescending(p => p.Sums.Requests).ThenBy(p => p.Name, StringComparer.Ordinal).ToArray();
    }
}
