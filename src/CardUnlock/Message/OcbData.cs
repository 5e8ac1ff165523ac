// SPDX-License-Identifier: GPL-3.0-or-later
// GnuPG's AEAD encrypted data, packet 20 (draft-ietf-openpgp-rfc4880bis section 5.16), with OCB (RFC 7253): version 1,
// cipher 1, AEAD 1, chunk size 1, nonce 15; chunks of 2^(size+6) bytes each with a tag of 16; a last tag over the whole
// length.

using System.Buffers.Binary;

namespace CardUnlock;

internal sealed class OcbData : IEncryptedData
{
    private const byte Ocb = 2;
    private const int HeaderLength = 4;
    private const int NonceLength = 15;
    private const int TagLength = OcbCipher.TagLength;
    private const byte PacketHeader = 0xD4;
    private const int MaxChunkSize = 16;

    private readonly byte[] header;
    private readonly byte[] nonce;
    private readonly byte[] chunks;

    private OcbData(byte[] header, byte[] nonce, byte[] chunks)
    {
        this.header = header;
        this.nonce = nonce;
        this.chunks = chunks;
    }

    public static MessageFault Parse(ReadOnlySpan<byte> body, out IEncryptedData? data)
    {
        data = null;
        if (body.Length < HeaderLength)
        {
            return MessageFault.Truncated;
        }

        if (body[0] != 1 || SessionKeyBlock.KeyLength(body[1]) == 0 || body[2] != Ocb || body[3] > MaxChunkSize)
        {
            return MessageFault.UnsupportedAlgorithm;
        }

        if (body.Length < HeaderLength + NonceLength + (2 * TagLength))
        {
            return MessageFault.Truncated;
        }

        data = new OcbData(
            body[..HeaderLength].ToArray(),
            body.Slice(HeaderLength, NonceLength).ToArray(),
            body[(HeaderLength + NonceLength)..].ToArray());
        return MessageFault.None;
    }

    public SecretBuffer? Decrypt(ReadOnlySpan<byte> sessionKey)
    {
        // The packet names its cipher too; a session key for another one is not this packet's.
        if (sessionKey[0] != header[1])
        {
            return null;
        }

        SecretBuffer plain = SecretBuffer.Allocate(chunks.Length);
        using var cipher = new OcbCipher(sessionKey[1..]);
        if (TryDecrypt(cipher, plain))
        {
            return plain;
        }

        plain.Dispose();
        return null;
    }

    private bool TryDecrypt(OcbCipher cipher, SecretBuffer plain)
    {
        long chunkLength = 1L << (header[3] + 6);
        ReadOnlySpan<byte> rest = chunks.AsSpan(..^TagLength);
        ulong index = 0;
        for (; !rest.IsEmpty; index++)
        {
            int size = (int)Math.Min(chunkLength, rest.Length - TagLength);
            if (size <= 0)
            {
                return false;
            }

            int at = plain.Length;
            Span<byte> to = plain.Resize(at + size)[at..];
            if (!cipher.TryDecrypt(Nonce(index), Associated(index, null), rest[..size], rest.Slice(size, TagLength), to))
            {
                return false;
            }

            rest = rest[(size + TagLength)..];
        }

        return cipher.TryDecrypt(Nonce(index), Associated(index, (ulong)plain.Length), default, chunks.AsSpan(^TagLength..), default);
    }

    // The chunk's number is added by XOR to the nonce's last 8 bytes.
    private byte[] Nonce(ulong index)
    {
        byte[] chunkNonce = [.. nonce];
        Span<byte> low = chunkNonce.AsSpan(NonceLength - 8);
        BinaryPrimitives.WriteUInt64BigEndian(low, BinaryPrimitives.ReadUInt64BigEndian(low) ^ index);
        return chunkNonce;
    }

    private byte[] Associated(ulong index, ulong? totalLength)
    {
        var data = new byte[1 + HeaderLength + 8 + (totalLength is null ? 0 : 8)];
        data[0] = PacketHeader;
        header.CopyTo(data, 1);
        BinaryPrimitives.WriteUInt64BigEndian(data.AsSpan(1 + HeaderLength), index);
        if (totalLength is ulong total)
        {
            BinaryPrimitives.WriteUInt64BigEndian(data.AsSpan(1 + HeaderLength + 8), total);
        }

        return data;
    }
}
