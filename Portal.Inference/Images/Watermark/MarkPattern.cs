using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Portal.Inference.Images.Watermark;

/// <summary>
/// What the key decides: which waves of the tile carry bits and which the pilot, how each is turned, and the tag that proves a payload. A tile is
/// <see cref="Fourier.Size"/> pixels square and repeats over the picture, so that any part of the picture holds all of it, turned by where the part begins.
/// </summary>
internal sealed class MarkPattern
{
    public const int TagBits = 32;
    private const int PayloadBits = 64;

    // Waves a tile: with fewer pictures are loud, with more JPEG rounds to nothing.
    private const int LengthMin = 5;
    private const int LengthMax = 16;
    private const int BlockOfJpeg = 8;

    private readonly byte[] tagKey;

    /// <param name="key">A secret of any length.</param>
    public MarkPattern(ReadOnlySpan<byte> key)
    {
        var random = new KeyedNumbers(Derive(key, "portal watermark pattern"));
        tagKey = Derive(key, "portal watermark tag");
        var waves = Band().ToArray();
        for (var i = waves.Length - 1; i > 0; i--)
        {
            var j = (int)(random.Next() % (uint)(i + 1));
            (waves[i], waves[j]) = (waves[j], waves[i]);
        }

        Waves = waves;
        Turns = Array.ConvertAll(waves, _ => Complex.FromPolarCoordinates(1, random.Next() * (2 * Math.PI / uint.MaxValue)));
    }

    /// <summary>The first <see cref="Carriers"/> carry two coded bits each, in the real and in the imaginary part; the others are the pilot.</summary>
    public IReadOnlyList<Wave> Waves { get; }

    public IReadOnlyList<Complex> Turns { get; }

    public static int Carriers => ConvolutionalCode.LengthOf(PayloadBits + TagBits) / 2;

    /// <summary>The coded bits of a payload and its tag.</summary>
    public bool[] Encode(ulong payload)
    {
        var message = new bool[PayloadBits + TagBits];
        var tag = Tag(payload);
        for (var i = 0; i < message.Length; i++)
        {
            message[i] = (i < PayloadBits ? payload >> i & 1 : tag >> (i - PayloadBits) & 1) != 0;
        }

        return ConvolutionalCode.Encode(message);
    }

    /// <param name="soft">For each coded bit how much speaks for a one; below zero for a zero.</param>
    /// <returns>The payload; null when the tag does not prove it.</returns>
    public ulong? Decode(ReadOnlySpan<float> soft)
    {
        var message = ConvolutionalCode.Decode(soft);
        ulong payload = 0;
        uint tag = 0;
        for (var i = 0; i < message.Length; i++)
        {
            if (i < PayloadBits)
            {
                payload |= (message[i] ? 1ul : 0) << i;
            }
            else
            {
                tag |= (message[i] ? 1u : 0) << (i - PayloadBits);
            }
        }

        return tag == Tag(payload) ? payload : null;
    }

    private uint Tag(ulong payload)
    {
        Span<byte> message = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(message, payload);
        return BinaryPrimitives.ReadUInt32BigEndian(HMACSHA256.HashData(tagKey, message));
    }

    private static byte[] Derive(ReadOnlySpan<byte> key, string purpose)
    {
        var derived = new byte[HMACSHA256.HashSizeInBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, derived, salt: [], Encoding.ASCII.GetBytes(purpose));
        return derived;
    }

    /// <summary>Each wave once: its mirror image follows from it. JPEG's blocks have waves of their own, which the mark leaves alone.</summary>
    private static IEnumerable<Wave> Band() =>
        from down in Enumerable.Range(0, LengthMax + 1)
        from across in Enumerable.Range(-LengthMax, 2 * LengthMax + 1)
        let wave = new Wave(across, down)
        where (down > 0 || across > 0) && wave.Length is >= LengthMin and <= LengthMax && (across % BlockOfJpeg != 0 || down % BlockOfJpeg != 0)
        select wave;

    /// <summary>Numbers that only the key's owner can foretell.</summary>
    private sealed class KeyedNumbers(byte[] key)
    {
        private byte[] block = [];
        private int blocks;
        private int at;

        public uint Next()
        {
            if (at == block.Length)
            {
                block = HMACSHA256.HashData(key, BitConverter.GetBytes(BinaryPrimitives.ReverseEndianness(blocks++)));
                at = 0;
            }

            at += sizeof(uint);
            return BinaryPrimitives.ReadUInt32BigEndian(block.AsSpan(at - sizeof(uint)));
        }
    }
}
