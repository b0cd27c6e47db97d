using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using Portal.Data.Accounts;

namespace Portal.Data;

/// <summary>
/// A question that nearly every request asks, as one statement that connections keep prepared: to open a connection, to translate the question and to plan it
/// costs many times what the answer does. It reads what is in the database at this moment.
/// </summary>
/// <param name="query">With any parameters: those of one type are all the same value.</param>
/// <param name="read">Makes the answer of the first row.</param>
public sealed class PreparedQuery<T>(IDbContextFactory<PortalDb> databases, Func<PortalDb, IQueryable> query, Func<PreparedRow, T> read) : IDisposable
    where T : class
{
    /// <summary>Connections that are kept for the next callers; one answers some thousands a second.</summary>
    private const int KeptMost = 4;

    private readonly ConcurrentBag<Statement> kept = [];

    /// <param name="values">One of each type that the query has parameters of: ids, instants, texts.</param>
    /// <returns>Null: there is no such row.</returns>
    public async Task<T?> Ask(object[] values, CancellationToken cancel)
    {
        if (kept.TryTake(out var open))
        {
            try
            {
                return await Ask(open, values, cancel);
            }
            catch (DbException)
            {
                // It may have broken while nobody used it, as when the server was started anew: a new one tells.
            }
        }

        return await Ask(await Open(cancel), values, cancel);
    }

    public void Dispose()
    {
        while (kept.TryTake(out var statement))
        {
            statement.Dispose();
        }
    }

    private async Task<T?> Ask(Statement statement, object[] values, CancellationToken cancel)
    {
        var usable = false;
        try
        {
            var answer = await statement.Ask(values, read, cancel);
            usable = kept.Count < KeptMost;
            return answer;
        }
        finally
        {
            if (usable)
            {
                kept.Add(statement);
            }
            else
            {
                statement.Dispose();
            }
        }
    }

    private async Task<Statement> Open(CancellationToken cancel)
    {
        var db = databases.CreateDbContext();
        try
        {
            await db.Database.OpenConnectionAsync(cancel);
            var statement = new Statement(db, query(db).CreateDbCommand());
            if (!db.Database.IsSqlServer())
            {
                // SQL Server keeps plans by the statements' text.
                await statement.Prepare(cancel);
            }

            return statement;
        }
        catch
        {
            await db.DisposeAsync();
            throw;
        }
    }

    /// <summary>For one caller at a time.</summary>
    private sealed class Statement(PortalDb db, DbCommand command) : IDisposable
    {
        private readonly RelationalTypeMapping ids = Of(db, nameof(Account.Id));
        private readonly RelationalTypeMapping instants = Of(db, nameof(Account.CreatedAt));

        public Task Prepare(CancellationToken cancel) => command.PrepareAsync(cancel);

        public async Task<T?> Ask(object[] values, Func<PreparedRow, T> read, CancellationToken cancel)
        {
            foreach (var value in values)
            {
                var stored = Stored(value);
                foreach (DbParameter parameter in command.Parameters)
                {
                    if (parameter.Value!.GetType() == stored.GetType())
                    {
                        parameter.Value = stored;
                    }
                }
            }

            await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SingleRow, cancel);
            return await reader.ReadAsync(cancel) ? read(new PreparedRow(reader, ids.Converter, instants.Converter!)) : null;
        }

        public void Dispose()
        {
            command.Dispose();
            db.Dispose();
        }

        private static RelationalTypeMapping Of(PortalDb db, string property) => db.Model.FindEntityType(typeof(Account))!.FindProperty(property)!.GetRelationalTypeMapping();

        private object Stored(object value) => (value switch { Guid => ids.Converter, DateTimeOffset => instants.Converter, _ => null })?.ConvertToProvider(value) ?? value;
    }
}
