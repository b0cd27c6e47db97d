using System.Security.Cryptography;
using System.Text;

namespace Portal.Prompts.Batches.Work;

/// <summary>The ids of a line's holds. Made from the line, so that however often it is tried the ledger lets it be charged once.</summary>
internal static class RequestIds
{
    /// <param name="attempt">From 0; the next one counts only when the one before was released without a charge.</param>
    public static Guid Of(Guid batchId, int line, int attempt) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes($"batch:{batchId:N}:{line}:{attempt}")).AsSpan(0, 16));

    /// <summary>Under which the finished answer is kept with its charge.</summary>
    public static string KeyOf(Guid batchId, int line) => $"batch:{batchId:N}:{line}";
}
