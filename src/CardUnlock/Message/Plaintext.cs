// SPDX-License-Identifier: GPL-3.0-or-later
// What is inside the encrypted data: a literal packet (RFC 9580 section 5.9), maybe compressed (5.6), maybe signed
// around (5.2, 5.4; signatures are not checked: who may write the key file may write the initramfs).

namespace CardUnlock;

internal static class Plaintext
{
    /// <summary>The largest key in bytes, as cryptsetup's own limit for key files has it.</summary>
    public const int MaxKeyLength = 8192;

    // A compressed packet holds at most the key, a literal header with a long file name, and a few signatures.
    private const int MaxInflatedLength = 2 * MaxKeyLength;
    private const int MaxDepth = 4;

    /// <summary>The literal packet's content, 1 to 8192 bytes; null when there is none.</summary>
    public static SecretBuffer? Extract(ReadOnlySpan<byte> packets) => Extract(packets, 0);

    private static SecretBuffer? Extract(ReadOnlySpan<byte> packets, int depth)
    {
        if (depth == MaxDepth || packets.IsEmpty)
        {
            return null;
        }

        using SecretBuffer memory = SecretBuffer.Allocate(packets.Length);
        Span<byte> body = memory.Resize(packets.Length);
        var reader = new PacketReader(packets);
        while (reader.TryRead(body, out PacketTag tag, out int length))
        {
            switch (tag)
            {
                case PacketTag.Literal:
                    return Literal(body[..length]);
                case PacketTag.Compressed:
                    return Compressed(body[..length], depth);
                case PacketTag.Signature or PacketTag.OnePassSignature or PacketTag.Marker or PacketTag.Padding:
                    break;
                default:
                    return null;
            }
        }

        return null;
    }

    // Format 1, file name behind its length 1, date 4, content.
    private static SecretBuffer? Literal(ReadOnlySpan<byte> body)
    {
        int header = body.Length < 2 ? int.MaxValue : 2 + body[1] + 4;
        if (header >= body.Length || body.Length - header > MaxKeyLength)
        {
            return null;
        }

        SecretBuffer key = SecretBuffer.Allocate(body.Length - header);
        key.TryAppend(body[header..]);
        return key;
    }

    private static SecretBuffer? Compressed(ReadOnlySpan<byte> body, int depth)
    {
        if (body.IsEmpty)
        {
            return null;
        }

        switch (body[0])
        {
            case 0:
                return Extract(body[1..], depth + 1);
            case 1:
                return Inflated(body[1..], depth);
            case 2 when body.Length > 3:
                // ZLIB's header is 2 bytes (RFC 1950); its checksum adds nothing to the integrity check that was made.
                return Inflated(body[3..], depth);
            default:
                return null;
        }
    }

    private static SecretBuffer? Inflated(ReadOnlySpan<byte> deflated, int depth)
    {
        using SecretBuffer packets = SecretBuffer.Allocate(MaxInflatedLength);
        return Inflate.TryInflate(deflated, packets) ? Extract(packets.Span, depth + 1) : null;
    }
}
