using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Portal.Prompts.Marks;

/// <summary>
/// The 64 bits of a picture's mark: whose request it was, on which day, and which one. The tags are the beginnings of hashes: two accounts share theirs
/// once in 2^20 pairs and two requests once in 2^28, so a mark also fits another request of its day with a probability of 2^-28 if it is of the same
/// account, else of 2^-48.
/// </summary>
/// <param name="Day">In UTC, when the request began.</param>
/// <param name="Account">20 bits.</param>
/// <param name="Request">28 bits.</param>
public readonly record struct MarkPayload(DateOnly Day, uint Account, uint Request)
{
    private const int AccountBits = 20;
    private const int RequestBits = 28;
    private static readonly DateOnly FirstDay = new(2020, 1, 1);

    /// <summary>The day's number since 2020 takes 16 bits, which last until 2199.</summary>
    public ulong Bits => (ulong)(Day.DayNumber - FirstDay.DayNumber) << (AccountBits + RequestBits) | (ulong)Account << RequestBits | Request;

    public static MarkPayload Of(DateOnly day, Guid account, Guid request) => new(day, AccountTag(account), RequestTag(request));

    public static MarkPayload From(ulong bits) => new(
        FirstDay.AddDays((int)(bits >> (AccountBits + RequestBits))), (uint)(bits >> RequestBits) & ((1u << AccountBits) - 1), (uint)bits & ((1u << RequestBits) - 1));

    public static uint AccountTag(Guid account) => Tag(account, AccountBits);

    public static uint RequestTag(Guid request) => Tag(request, RequestBits);

    private static uint Tag(Guid id, int bits) => BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(id.ToByteArray())) >> (32 - bits);
}
