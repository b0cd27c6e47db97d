using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using Portal.Accounts;
using Portal.Accounts.Mail;
using Portal.Data;
using Portal.Data.Prompts;
using Portal.Data.Support;

namespace Portal.Prompts.Routing.Canaries;

/// <summary>Takes back every canary that does worse than its baseline, and writes to the administrators.</summary>
public sealed partial class CanaryRun(
    IDbContextFactory<PortalDb> databases, AliasTable table, Letters letters, LetterLinks links, IStringLocalizer<CanaryText> text,
    IOptions<CanaryOptions> options, TimeProvider clock, ILogger<CanaryRun> logger)
{
    private const string ModelsPage = "models";

    /// <returns>How many were taken back.</returns>
    public async Task<int> Run(CancellationToken cancel = default)
    {
        await using var db = databases.CreateDbContext();
        var aliases = await db.ModelAliases.Where(a => a.Canary != null).OrderBy(a => a.Name).Select(a => a.Id).ToListAsync(cancel);
        return await EachAlone.Run(aliases, logger, alias => Judge(alias, cancel), cancel);
    }

    private async Task<bool> Judge(Guid aliasId, CancellationToken cancel)
    {
        await using var db = databases.CreateDbContext();
        var trial = await db.ModelAliases.AsNoTracking().Where(a => a.Id == aliasId && a.Canary != null)
            .Select(a => new { Alias = a, Figures = db.AliasFigures.Where(f => f.AliasId == a.Id && f.Version == a.Version).ToList() }).FirstOrDefaultAsync(cancel);
        if (trial is null)
        {
            return false;
        }

        var (baseline, canary) = (SideOf(trial.Figures, false), SideOf(trial.Figures, true));
        return CanaryRule.Judge(baseline, canary, options.Value) is { } reason && await TakeBack(trial.Alias, reason, baseline, canary, cancel);
    }

    private static CanarySide SideOf(List<AliasFigures> figures, bool canary) =>
        figures.Find(f => f.Canary == canary) is { } f ? new CanarySide(f.Requests, f.Failures, f.ChargedNanos) : CanarySide.None;

    private static string NameOf(RollbackReason reason) => reason == RollbackReason.Errors ? "errors" : "cost";

    /// <returns>False when the alias was changed meanwhile.</returns>
    private async Task<bool> TakeBack(ModelAlias alias, RollbackReason reason, CanarySide baseline, CanarySide canary, CancellationToken cancel)
    {
        var (now, name) = (clock.GetUtcNow(), NameOf(reason));
        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var changed = await db.ModelAliases.Where(a => a.Id == alias.Id && a.Version == alias.Version)
            .ExecuteUpdateAsync(set => set
                .SetProperty(a => a.Canary, (string?)null).SetProperty(a => a.CanaryPercent, 0).SetProperty(a => a.Version, a => a.Version + 1).SetProperty(a => a.ChangedAt, now)
                .SetProperty(a => a.RolledBackModel, alias.Canary).SetProperty(a => a.RolledBackAt, now).SetProperty(a => a.RollbackReason, name), cancel);
        if (changed == 0)
        {
            return false;
        }

        // Nobody's deed: the portal's own.
        db.AuditEntries.Add(new AuditEntry
        {
            At = now, PersonId = Guid.Empty, Action = "alias.rolled-back", Subject = $"{alias.Id}",
            Detail = $"{alias.Name}: {alias.Canary} for its {name}: {Told(canary)}; {alias.Model}: {Told(baseline)}",
        });
        await Write(db, alias, reason, baseline, canary, now, cancel);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        table.Forget();
        Log.TakenBack(logger, alias.Canary!, alias.Name, name);
        return true;
    }

    private async Task Write(PortalDb db, ModelAlias alias, RollbackReason reason, CanarySide baseline, CanarySide canary, DateTimeOffset now, CancellationToken cancel)
    {
        var administrators = await db.Users.AsNoTracking()
            .Where(p => p.Email != null && db.UserRoles.Any(r => r.UserId == p.Id && db.Roles.Any(role => role.Id == r.RoleId && role.Name == Roles.Administrator))).ToListAsync(cancel);
        db.OutboxMails.AddRange(administrators.Select(person => letters.Write(person, $"canary:{alias.Id:N}:{alias.Version}:{person.Id:N}", now, Words)));

        LetterWords Words() => new(
            text["Subject", alias.Name, alias.Canary!], [text[$"Text{reason}", alias.Name, alias.Canary!, alias.Model], text["Side", [alias.Canary!, .. Figures(canary)]], text["Side", [alias.Model, .. Figures(baseline)]]],
            (text["Button"], links.To(ModelsPage)));
    }

    private static object[] Figures(CanarySide side) =>
    [
        side.Requests.ToString("N0", CultureInfo.CurrentCulture), side.ErrorPercent.ToString("0.#", CultureInfo.CurrentCulture), side.PerRequest.Amount.ToString("0.######", CultureInfo.CurrentCulture),
    ];

    private static string Told(CanarySide side) => $"{side.Requests} requests, {side.Failures} failed, {side.ChargedNanos} nanos";

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Canary {Model} of alias {Alias} was taken back for its {Reason}")]
        public static partial void TakenBack(ILogger logger, string model, string alias, string reason);
    }
}
