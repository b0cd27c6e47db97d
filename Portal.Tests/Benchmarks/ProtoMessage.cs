using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Portal.Tests.Benchmarks;

/// <summary>A message in Protocol Buffers' encoding, field by field.</summary>
internal sealed class ProtoMessage
{
    private const int Varint = 0;
    private const int Bytes = 2;
    private const int Fixed32 = 5;

    private readonly ArrayBufferWriter<byte> encoded = new();

    public ReadOnlySpan<byte> Encoded => encoded.WrittenSpan;

    public ProtoMessage Add(int field, long value)
    {
        Write((ulong)(field << 3 | Varint));
        Write((ulong)value);
        return this;
    }

    public ProtoMessage Add(int field, float value)
    {
        Write((ulong)(field << 3 | Fixed32));
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        encoded.Write(bytes);
        return this;
    }

    public ProtoMessage Add(int field, ReadOnlySpan<byte> value)
    {
        Write((ulong)(field << 3 | Bytes));
        Write((ulong)value.Length);
        encoded.Write(value);
        return this;
    }

    public ProtoMessage Add(int field, string value) => Add(field, Encoding.UTF8.GetBytes(value));

    public ProtoMessage Add(int field, ProtoMessage value) => Add(field, value.Encoded);

    private void Write(ulong value)
    {
        while (value >= 0x80)
        {
            encoded.Write([(byte)(value | 0x80)]);
            value >>= 7;
        }

        encoded.Write([(byte)value]);
    }
}
