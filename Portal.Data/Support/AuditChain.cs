using System.Security.Cryptography;
using System.Text.Json;

namespace Portal.Data.Support;

/// <summary>
/// What makes the audit tamper-evident: each entry's hash covers all that it says and the hash before it, so that an entry that is changed, removed or
/// put elsewhere breaks every hash after it.
/// </summary>
public static class AuditChain
{
    /// <summary>What stands before the first entry.</summary>
    public const string Start = "0000000000000000000000000000000000000000000000000000000000000000";

    /// <param name="previous">The hash of the entry before.</param>
    /// <param name="entry">As it is stored: its time in whole microseconds, its sequence given.</param>
    /// <returns>SHA-256 as 64 hex digits over the previous hash and the entry as a JSON array, which has one way to write each value.</returns>
    public static string Hash(string previous, AuditEntry entry)
    {
        var micros = (entry.At.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        return Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new object?[]
        {
            previous, entry.Sequence, entry.Id, micros, entry.PersonId, entry.AccountId, entry.Action, entry.Subject, entry.Detail, entry.Before, entry.After, entry.Reason,
        })));
    }
}
