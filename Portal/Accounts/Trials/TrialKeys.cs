using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Data;

namespace Portal.Accounts.Trials;

/// <summary>Keyed hashes of what tells registrations apart. The key is the installation's own: without it nobody finds an address by trying.</summary>
public sealed class TrialKeys(IDbContextFactory<PortalDb> databases, TimeProvider clock)
{
    /// <summary>The name of the key's row, which is also what confirmations wait for one another at.</summary>
    public const string KeyName = "trial-keys";

    private readonly StoredKey key = new(databases, KeyName, clock);

    /// <param name="kind">What <paramref name="text"/> is: the same word as a mailbox and as a device is not the same.</param>
    /// <returns>64 hexadecimal digits.</returns>
    public async Task<string> Of(string kind, string text, CancellationToken cancel) =>
        Convert.ToHexString(HMACSHA256.HashData(await key.Load(cancel), Encoding.UTF8.GetBytes($"{kind}\n{text}")));
}
