using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Accounts;

namespace Portal.Accounts;

/// <summary>A secret key that the installation makes once and keeps in its database: every node has the same.</summary>
/// <param name="name">Of its row.</param>
public sealed class StoredKey(IDbContextFactory<PortalDb> databases, string name, TimeProvider clock)
{
    private const int Bytes = 32;

    // Loaded on first use, perhaps twice at once, which comes to the same.
    private volatile byte[]? key;

    public async Task<byte[]> Load(CancellationToken cancel) => key ??= await Stored(cancel) ?? await Make(cancel);

    private async Task<byte[]?> Stored(CancellationToken cancel)
    {
        await using var db = databases.CreateDbContext();
        return await db.StoredSecrets.AsNoTracking().Where(s => s.Name == name).Select(s => s.Value).FirstOrDefaultAsync(cancel);
    }

    private async Task<byte[]> Make(CancellationToken cancel)
    {
        await using var db = databases.CreateDbContext();
        var made = RandomNumberGenerator.GetBytes(Bytes);
        db.StoredSecrets.Add(new StoredSecret { Name = name, Value = made, CreatedAt = clock.GetUtcNow() });
        try
        {
            await db.SaveChangesAsync(cancel);
            return made;
        }
        catch (DbUpdateException)
        {
            // Another node was first: its key is everybody's.
            return await Stored(cancel) ?? throw new InvalidOperationException($"{name} can neither be read nor made");
        }
    }
}
