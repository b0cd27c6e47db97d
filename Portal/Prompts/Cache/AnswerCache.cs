using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Accounts;
using Portal.Billing.Ledger;
using Portal.Billing.Rating;
using Portal.Data;
using Portal.Data.Prompts;
using Portal.Prompts.Answers;
using Portal.Prompts.Requests;

namespace Portal.Prompts.Cache;

/// <summary>
/// Answers that an account gets again for the same request to the same version of a model, when the request or its project asks for that. Only of requests
/// whose answer is determined by them: at temperature 0, or with a seed. Nobody else's answers are ever found.
/// </summary>
public sealed partial class AnswerCache(IDbContextFactory<PortalDb> databases, TimeProvider clock, IOptions<CacheOptions> options, ILogger<AnswerCache> logger) : IDisposable
{
    private const int ProjectsMax = 10_000;

    /// <summary>How long a project's switch may be remembered: not every prompt reads it.</summary>
    private static readonly TimeSpan SwitchKept = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<Guid, (bool On, long At)> switches = new();
    private readonly PreparedQuery<object> projectSwitch = new(databases, db => SwitchOf(db, Guid.Empty), row => row.Flag(0));

    public void Dispose() => projectSwitch.Dispose();

    /// <param name="maxTokens">Output tokens at most.</param>
    /// <param name="version">Of the model.</param>
    /// <returns>Null when no earlier answer is wanted, or would do.</returns>
    public async Task<CacheLookup?> Look(Caller caller, TextPrompt prompt, int maxTokens, string version, CancellationToken cancel = default)
    {
        if (prompt.Sampling is { Temperature: > 0, Seed: null } || prompt.Likelihoods is not null || !(prompt.Cache ?? await IsOn(caller.ProjectId, cancel)))
        {
            return null;
        }

        var key = Convert.ToHexString(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new { prompt.Model, version, prompt.Messages, maxTokens, prompt.Sampling, prompt.Stop })));
        var now = clock.GetUtcNow();
        await using var db = databases.CreateDbContext();
        var found = await db.CachedAnswers.AsNoTracking().FirstOrDefaultAsync(a => a.AccountId == caller.AccountId && a.Key == key && a.ExpiresAt > now, cancel);
        return new CacheLookup(key, found is null ? null : new CacheLookup.Answer(
            found.Text, MeteredUsage.Text(found.InputTokens, found.OutputTokens), found.Cut ? PromptFinish.Length : PromptFinish.Stop));
    }

    /// <summary>Keeps an answer that was given to its end and charged. Best effort: what cannot be kept is asked for again.</summary>
    public async Task Keep(Guid accountId, Guid projectId, string key, string text, MeteredUsage usage, PromptFinish finish)
    {
        if (finish is not (PromptFinish.Stop or PromptFinish.Length) || text.Length > options.Value.CharactersMax)
        {
            return;
        }

        var now = clock.GetUtcNow();
        try
        {
            await using var db = databases.CreateDbContext();
            await db.CachedAnswers.Where(a => a.AccountId == accountId && a.Key == key && a.ExpiresAt <= now).ExecuteDeleteAsync();
            db.CachedAnswers.Add(new CachedAnswer
            {
                AccountId = accountId, Key = key, ProjectId = projectId, Text = text, InputTokens = (int)usage.InputTokens, OutputTokens = (int)usage.OutputTokens,
                Cut = finish == PromptFinish.Length, CreatedAt = now, ExpiresAt = now.AddHours(options.Value.Hours),
            });
            await db.SaveChangesAsync();
            var newest = db.CachedAnswers.Where(a => a.AccountId == accountId).OrderByDescending(a => a.CreatedAt).ThenBy(a => a.Key);
            var over = await newest.Skip(options.Value.AnswersMax).Select(a => a.Key).ToListAsync();
            if (over.Count > 0)
            {
                await db.CachedAnswers.Where(a => a.AccountId == accountId && over.Contains(a.Key)).ExecuteDeleteAsync();
            }
        }
        catch (Exception e) when (LedgerFailure.IsDatabase(e))
        {
            // Another node kept the same answer in this moment, or the database is busy.
            Log.NotKept(logger, e);
        }
    }

    /// <summary>Deletes answers whose time is up.</summary>
    /// <returns>How many.</returns>
    public async Task<int> Prune(CancellationToken cancel = default)
    {
        var now = clock.GetUtcNow();
        await using var db = databases.CreateDbContext();
        return await db.CachedAnswers.Where(a => a.ExpiresAt <= now).ExecuteDeleteAsync(cancel);
    }

    private async Task<bool> IsOn(Guid projectId, CancellationToken cancel)
    {
        if (switches.TryGetValue(projectId, out var known) && clock.GetElapsedTime(known.At) < SwitchKept)
        {
            return known.On;
        }

        if (switches.Count > ProjectsMax)
        {
            switches.Clear();
        }

        // Before the question: what changes while it is answered is asked for again in time.
        var at = clock.GetTimestamp();
        var on = await projectSwitch.Ask([projectId], cancel) is true;
        switches[projectId] = (on, at);
        return on;
    }

    private static IQueryable SwitchOf(PortalDb db, Guid projectId) => db.Projects.Where(p => p.Id == projectId).Select(p => new { p.CacheAnswers });

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "An answer was not kept for repetitions")]
        public static partial void NotKept(ILogger logger, Exception cause);
    }
}
