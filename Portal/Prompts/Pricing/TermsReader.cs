using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Prompts.Pricing;

/// <summary>
/// Reads an account's terms as they are in the database at this moment: a change counts at once, on whichever node it was made. Every prompt waits for it, so
/// it is one question, over connections that stay open.
/// </summary>
internal sealed class TermsReader(IDbContextFactory<PortalDb> databases) : IDisposable
{
    /// <summary>Connections that are kept for the next prompts; one answers some thousands a second.</summary>
    private const int KeptMost = 4;

    private readonly ConcurrentBag<TermsQuestion> kept = [];

    /// <returns>Null: there is no such account.</returns>
    public async Task<PromptTerms?> Read(Guid accountId, DateTimeOffset now, CancellationToken cancel)
    {
        if (kept.TryTake(out var open))
        {
            try
            {
                return await Ask(open, accountId, now, cancel);
            }
            catch (DbException)
            {
                // It may have broken while nobody used it, as when the server was started anew: a new one tells.
            }
        }

        return await Ask(await TermsQuestion.Open(databases, cancel), accountId, now, cancel);
    }

    public void Dispose()
    {
        while (kept.TryTake(out var question))
        {
            question.Dispose();
        }
    }

    private async Task<PromptTerms?> Ask(TermsQuestion question, Guid accountId, DateTimeOffset now, CancellationToken cancel)
    {
        var usable = false;
        try
        {
            var terms = await question.Ask(accountId, now, cancel);
            usable = kept.Count < KeptMost;
            return terms;
        }
        finally
        {
            if (usable)
            {
                kept.Add(question);
            }
            else
            {
                await question.DisposeAsync();
            }
        }
    }
}
