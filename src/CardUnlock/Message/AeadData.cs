// SPDX-License-Identifier: GPL-3.0-or-later
// Encrypted data in authenticated chunks of 2^(size+6) bytes, each with a tag of 16, and a last tag over the whole length.
// Integrity protected data, version 2 (RFC 9580 section 5.13.2): version 1 byte, cipher 1, AEAD 1, chunk size 1, salt 32.
// GnuPG's packet 20 (draft-ietf-openpgp-rfc4880bis section 5.16): version 1, cipher 1, AEAD 1, chunk size 1, nonce 15, 16.

using System.Buffers.Binary;
using Org.BouncyCastle.Crypto.Digests;

namespace CardUnlock;

internal sealed class AeadData : IEncryptedData
{
    private const int HeaderLength = 4;
    private const int SaltLength = 32;
    private const int IndexLength = 8;
    private const int TagLength = AeadCipher.TagLength;

    // Version 2's limit; GnuPG writes larger ones, of which a key file is never the whole.
    private const int MaxChunkSize = 16;
    private const int MaxGnuPgChunkSize = 56;

    // The packet's header byte and the four bytes of the header.
    private readonly byte[] prefix;
    private readonly byte[] start;
    private readonly byte[] chunks;

    private AeadData(byte[] prefix, byte[] start, byte[] chunks)
    {
        this.prefix = prefix;
        this.start = start;
        this.chunks = chunks;
    }

    public byte SessionKeyVersion => (byte)(IsGnuPg ? 3 : 6);

    private bool IsGnuPg => prefix[0] == HeaderByte(PacketTag.GnuPgAead);

    private byte CipherId => prefix[2];

    private byte Aead => prefix[3];

    /// <param name="tag">IntegrityProtected (version 2) or GnuPgAead (version 1).</param>
    /// <param name="body">From the version on.</param>
    /// <param name="data">Null unless the result is None.</param>
    public static MessageFault Parse(PacketTag tag, ReadOnlySpan<byte> body, out IEncryptedData? data)
    {
        data = null;
        if (body.Length < HeaderLength)
        {
            return MessageFault.Truncated;
        }

        bool isGnuPg = tag == PacketTag.GnuPgAead;
        int nonceLength = AeadCipher.NonceLengthOf(body[2]);
        bool isKnown = body[0] == (isGnuPg ? 1 : 2) && BlockCipher.KeyLength(body[1]) != 0 && nonceLength != 0;
        if (!isKnown || body[3] > (isGnuPg ? MaxGnuPgChunkSize : MaxChunkSize))
        {
            return MessageFault.UnsupportedAlgorithm;
        }

        int startLength = isGnuPg ? nonceLength : SaltLength;
        if (body.Length < HeaderLength + startLength + (2 * TagLength))
        {
            return MessageFault.Truncated;
        }

        data = new AeadData(
            [HeaderByte(tag), .. body[..HeaderLength]],
            body.Slice(HeaderLength, startLength).ToArray(),
            body[(HeaderLength + startLength)..].ToArray());
        return MessageFault.None;
    }

    public Opening Decrypt(ReadOnlySpan<byte> sessionKey, out SecretBuffer? packets)
    {
        packets = null;

        // The packet names its cipher too; a session key for another one is not this packet's.
        if ((sessionKey[0] != 0 && sessionKey[0] != CipherId) || sessionKey.Length - 1 != BlockCipher.KeyLength(CipherId))
        {
            return Opening.Damaged;
        }

        var nonce = new byte[AeadCipher.NonceLengthOf(Aead)];
        using SecretBuffer? derived = IsGnuPg ? null : Derive(sessionKey[1..], nonce);
        ReadOnlySpan<byte> key = derived is null ? sessionKey[1..] : derived.Span[..(sessionKey.Length - 1)];
        using AeadCipher? cipher = AeadCipher.Create(Aead, CipherId, key);
        if (cipher is null)
        {
            return Opening.Unsupported;
        }

        if (derived is null)
        {
            start.CopyTo(nonce, 0);
        }

        using SecretBuffer plain = SecretBuffer.Allocate(chunks.Length);
        if (!TryDecrypt(cipher, nonce, plain))
        {
            return Opening.Damaged;
        }

        packets = plain.Move();
        return Opening.Opened;
    }

    private static byte HeaderByte(PacketTag tag) => (byte)(0xC0 | (byte)tag);

    // Version 2: HKDF makes message key and nonce, but for the nonce's last 8 bytes, which count the chunks.
    private SecretBuffer Derive(ReadOnlySpan<byte> sessionKey, Span<byte> nonce)
    {
        int fixedLength = nonce.Length - IndexLength;
        SecretBuffer derived = SecretBuffer.Allocate(sessionKey.Length + fixedLength);
        Hkdf.Derive(new Sha256Digest(), sessionKey, start, prefix, derived);
        derived.Span[sessionKey.Length..].CopyTo(nonce);
        return derived;
    }

    private bool TryDecrypt(AeadCipher cipher, ReadOnlySpan<byte> nonce, SecretBuffer plain)
    {
        long chunkLength = 1L << (prefix[4] + 6);
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
            if (!cipher.TryDecrypt(Nonce(nonce, index), Associated(index, null), rest[..size], rest.Slice(size, TagLength), to))
            {
                return false;
            }

            rest = rest[(size + TagLength)..];
        }

        byte[] associated = Associated(index, (ulong)plain.Length);
        return cipher.TryDecrypt(Nonce(nonce, index), associated, default, chunks.AsSpan(^TagLength..), default);
    }

    // The chunk's number is added by XOR to the nonce's last 8 bytes; in version 2 those are zeroes.
    private static byte[] Nonce(ReadOnlySpan<byte> nonce, ulong index)
    {
        byte[] chunkNonce = nonce.ToArray();
        Span<byte> low = chunkNonce.AsSpan(^IndexLength..);
        BinaryPrimitives.WriteUInt64BigEndian(low, BinaryPrimitives.ReadUInt64BigEndian(low) ^ index);
        return chunkNonce;
    }

    // GnuPG's packet authenticates the chunk's number too; the last tag covers the length in both.
    private byte[] Associated(ulong index, ulong? totalLength)
    {
        Span<byte> number = stackalloc byte[IndexLength];
        Span<byte> total = stackalloc byte[IndexLength];
        BinaryPrimitives.WriteUInt64BigEndian(number, index);
        BinaryPrimitives.WriteUInt64BigEndian(total, totalLength.GetValueOrDefault());
        return [.. prefix, .. IsGnuPg ? number : default, .. totalLength is null ? default : total];
    }
}
