// SPDX-License-Identifier: GPL-3.0-or-later
// Symmetrically encrypted and integrity protected data, version 1 (RFC 9580 section 5.13.1; RFC 4880 sections 5.13,
// 5.14): version 1 byte, then in CFB with a zero IV: a random block of 8 or 16 (the cipher's), its last 2 bytes again,
// packets, D3 14, SHA-1 20.

using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Digests;

namespace CardUnlock;

internal sealed class MdcData : IEncryptedData
{
    private const int MinBlockLength = 8;
    private const int RepeatLength = 2;
    private const int HashLength = 20;
    private const int TrailerLength = 2 + HashLength;

    private readonly byte[] ciphertext;

    private MdcData(byte[] ciphertext) => this.ciphertext = ciphertext;

    public byte SessionKeyVersion => 3;

    /// <param name="body">From the version on.</param>
    /// <param name="data">Null unless the result is None.</param>
    public static MessageFault Parse(ReadOnlySpan<byte> body, out IEncryptedData? data)
    {
        data = null;
        if (body.Length < 1 + MinBlockLength + RepeatLength + TrailerLength)
        {
            return MessageFault.Truncated;
        }

        data = new MdcData(body[1..].ToArray());
        return MessageFault.None;
    }

    public Opening Decrypt(ReadOnlySpan<byte> sessionKey, out SecretBuffer? packets)
    {
        packets = null;
        using BlockCipher? cipher = BlockCipher.Create(sessionKey[0], sessionKey[1..]);
        if (cipher is null)
        {
            return BlockCipher.KeyLength(sessionKey[0]) == 0 ? Opening.Unsupported : Opening.Damaged;
        }

        int prefixLength = cipher.BlockLength + RepeatLength;
        if (ciphertext.Length < prefixLength + TrailerLength)
        {
            return Opening.Damaged;
        }

        using SecretBuffer plain = SecretBuffer.Allocate(ciphertext.Length);
        Span<byte> all = plain.Resize(ciphertext.Length);
        Cfb.Decrypt(cipher, ciphertext, all);
        if (!IsWhole(all))
        {
            return Opening.Damaged;
        }

        ReadOnlySpan<byte> inside = all[prefixLength..^TrailerLength];
        packets = SecretBuffer.Allocate(inside.Length + 1);
        packets.TryAppend(inside);
        return Opening.Opened;
    }

    // Of the prefix' repeated bytes nothing is asked: an answer to that alone would be an oracle. The hash covers them.
    private static bool IsWhole(ReadOnlySpan<byte> all)
    {
        var sha1 = new Sha1Digest();
        sha1.BlockUpdate(all[..^HashLength]);
        Span<byte> hash = stackalloc byte[HashLength];
        sha1.DoFinal(hash);
        bool isWhole = CryptographicOperations.FixedTimeEquals(hash, all[^HashLength..])
            & CryptographicOperations.FixedTimeEquals(all.Slice(all.Length - TrailerLength, 2), [0xD3, 0x14]);
        CryptographicOperations.ZeroMemory(hash);
        return isWhole;
    }
}
