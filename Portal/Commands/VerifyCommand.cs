using Microsoft.EntityFrameworkCore;
using Portal.Billing.Verification;
using Portal.Data;

namespace Portal.Commands;

/// <summary><c>verify</c>: proves the books and names what is off, one line each.</summary>
public static class VerifyCommand
{
    /// <returns>0 when the books are clean, 1 when something is off or the database is not the portal's.</returns>
    public static async Task<int> Run(IServiceProvider services, TextWriter output, CancellationToken cancel = default)
    {
        await using (var db = services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContext())
        {
            if ((await db.Database.GetPendingMigrationsAsync(cancel)).Any())
            {
                await output.WriteLineAsync("The database is not up to date: run 'migrate' first.");
                return 1;
            }
        }

        var books = await services.GetRequiredService<BookVerifier>().Verify(cancel: cancel);
        foreach (var finding in books.Findings)
        {
            await output.WriteLineAsync(finding.ToString());
        }

        await output.WriteLineAsync(books.ToString());
        return books.Clean ? 0 : 1;
    }
}
