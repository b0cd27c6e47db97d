using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Accounts;

namespace Portal.Accounts.Trials;

/// <summary>Keyed hashes of what tells registrations apart. The key is the installation's own: without it nobody finds an address by trying.</summary>
public sealed class TrialKeys(IDbContextFactory<PortalDb> databases, TimeProvider clock)
{
    /// <summary>The name of the key's row, which is also what confirmations wait for one another at.</summary>
    public const string KeyName = "trial-keys";

    private const int KeyBytes = 32;

    // Loaded on first use, perhaps twice at once, which comes to the same.
    private volatile byte[]? key;

    /// <param name="kind">What <paramref name="text"/> is: the same word as a mailbox and as a device is not the same.</param>
    /// <returns>64 hexadecimal digits.</returns>
    public async Task<string> Of(string kind, string text, CancellationToken cancel) =>
        Convert.ToHexString(HMACSHA256.HashData(await Load(cancel), Encoding.UTF8.GetBytes($"{kind}\n{text}")));

    private async Task<byte[]> Load(CancellationToken cancel) => key ??= await Stored(cancel) ?? await Make(cancel);

    private async Task<byte[]?> Stored(CancellationToken cancel)
    {
        await using var db = databases.CreateDbContext();
        return await db.StoredSecrets.AsNoTracking().Where(s => s.Name == KeyName).Select(s => s.Value).FirstOrDefaultAsync(cancel);
    }

    private async Task<byte[]> Make(CancellationToken cancel)
    {
        await using var db = databases.CreateDbContext();
        var made = RandomNumberGenerator.GetBytes(KeyBytes);
        db.StoredSecrets.Add(new StoredSecret { Name = KeyName, Value = made, CreatedAt = clock.GetUtcNow() });
        try
        {
            await db.SaveChangesAsync(cancel);
            return made;
        }
        catch (DbUpdateException)
        {
            // Another node made one in this moment.
            return await Stored(cancel) ?? throw new InvalidOperationException($"{KeyName} can neither be read nor made");
        }
    }
}
