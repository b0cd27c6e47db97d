using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Billing.Verification;
using Portal.Data;

namespace Portal.Commands;

/// <summary><c>verify</c>: proves the books and names what is off, one line each.</summary>
public static class VerifyCommand
{
    /// <param name="since">An instant of ISO 8601, in UTC when it names no offset; null: everything is proved.</param>
    /// <param name="errors">Where the progress is shown.</param>
    /// <param name="watched">Whether that is a terminal.</param>
    /// <returns>0 when the books are clean, 1 when something is off or the database is not the portal's, 2 when the instant is none.</returns>
    public static async Task<int> Run(
        IServiceProvider services, string? since, TextWriter output, TextWriter errors, bool watched = false, CancellationToken cancel = default)
    {
        DateTimeOffset? from = null;
        if (since is not null)
        {
            if (!DateTimeOffset.TryParse(since, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant))
            {
                await errors.WriteLineAsync($"'{since}' is no instant: write it as 2026-11-21 or 2026-11-21T08:00:00Z.");
                return 2;
            }

            from = instant;
        }

        await using (var db = services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContext())
        {
            if ((await db.Database.GetPendingMigrationsAsync(cancel)).Any())
            {
                await output.WriteLineAsync("The database is not up to date: run 'migrate' first.");
                return 1;
            }
        }

        VerifiedBooks books;
        using (var line = new ProgressLine(errors, watched))
        {
            books = await services.GetRequiredService<BookVerifier>().Verify(since: from, progress: watched ? line.Show : null, cancel: cancel);
        }

        foreach (var finding in books.Findings)
        {
            await output.WriteLineAsync(finding.ToString());
        }

        await output.WriteLineAsync(books.ToString());
        return books.Clean ? 0 : 1;
    }
}
