// SPDX-License-Identifier: GPL-3.0-or-later
// What is inside the encrypted data: a literal packet (RFC 9580 section 5.9), maybe compressed (5.6), maybe signed
// around (5.2, 5.4; signatures are not checked: whom to trust would have to stand where the message stands).

namespace CardUnlock;

internal static class Plaintext
{
    /// <summary>The largest key in bytes: it lies in locked memory, and goes into an empty pipe in one write.</summary>
    public const int MaxKeyLength = 8192;

    // A compressed packet holds at most the key, a literal header with a long file name, and a few signatures.
    private const int MaxInflatedLength = 2 * MaxKeyLength;
    private const int MaxDepth = 4;
    private const byte Uncompressed = 0;
    private const byte Zip = 1;
    private const byte Zlib = 2;
    private const byte Bzip = 3;

    /// <summary>
    /// The literal packet's content, 1 to 8192 bytes; Damaged when there is none, Unsupported when it is compressed in a
    /// way that is not known here.
    /// </summary>
    public static Opening Extract(ReadOnlySpan<byte> packets, out SecretBuffer? key) => Extract(packets, 0, out key);

    private static Opening Extract(ReadOnlySpan<byte> packets, int depth, out SecretBuffer? key)
    {
        key = null;
        if (depth == MaxDepth || packets.IsEmpty)
        {
            return Opening.Damaged;
        }

        using SecretBuffer memory = SecretBuffer.Allocate(packets.Length);
        Span<byte> body = memory.Resize(packets.Length);
        var reader = new PacketReader(packets);
        while (reader.TryRead(body, out PacketTag tag, out int length))
        {
            switch (tag)
            {
                case PacketTag.Literal:
                    key = Literal(body[..length]);
                    return key is null ? Opening.Damaged : Opening.Opened;
                case PacketTag.Compressed:
                    return Compressed(body[..length], depth, out key);
                case PacketTag.Signature or PacketTag.OnePassSignature or PacketTag.Marker or PacketTag.Padding:
                case >= PacketTag.NonCritical:
                    break;
                default:
                    return Opening.Damaged;
            }
        }

        return Opening.Damaged;
    }

    // Format 1, file name behind its length 1, date 4, content.
    private static SecretBuffer? Literal(ReadOnlySpan<byte> body)
    {
        int header = body.Length < 2 ? int.MaxValue : 2 + body[1] + 4;
        if (header >= body.Length || body.Length - header > MaxKeyLength)
        {
            return null;
        }

        ReadOnlySpan<byte> content = body[header..];
        SecretBuffer key = SecretBuffer.Allocate(content.Length);
        if (body[0] is (byte)'t' or (byte)'u')
        {
            AppendText(key, content);
        }
        else
        {
            key.TryAppend(content);
        }

        return key;
    }

    // Text travels with CR LF; the lines of this system, and of what GnuPG decrypts here, end with LF.
    private static void AppendText(SecretBuffer key, ReadOnlySpan<byte> text)
    {
        for (int at = text.IndexOf("\r\n"u8); at >= 0; at = text.IndexOf("\r\n"u8))
        {
            key.TryAppend(text[..at]);
            text = text[(at + 1)..];
        }

        key.TryAppend(text);
    }

    private static Opening Compressed(ReadOnlySpan<byte> body, int depth, out SecretBuffer? key)
    {
        key = null;
        if (body.IsEmpty)
        {
            return Opening.Damaged;
        }

        ReadOnlySpan<byte> from = body[1..];
        if (body[0] == Uncompressed)
        {
            return Extract(from, depth + 1, out key);
        }

        if (body[0] is not (Zip or Zlib or Bzip))
        {
            return Opening.Unsupported;
        }

        // ZLIB's header is 2 bytes (RFC 1950); its checksum adds nothing to the integrity check that was made.
        using SecretBuffer packets = SecretBuffer.Allocate(MaxInflatedLength);
        bool isWhole = body[0] switch
        {
            Zip => Inflate.TryInflate(from, packets),
            Zlib => from.Length > 2 && Inflate.TryInflate(from[2..], packets),
            _ => Bzip2.TryDecompress(from, packets),
        };
        return isWhole ? Extract(packets.Span, depth + 1, out key) : Opening.Damaged;
    }
}
