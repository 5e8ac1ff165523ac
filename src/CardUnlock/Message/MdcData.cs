// SPDX-License-Identifier: GPL-3.0-or-later
// Symmetrically encrypted and integrity protected data, version 1 (RFC 9580 section 5.13.1; RFC 4880 sections 5.13,
// 5.14): version 1 byte, then in CFB with a zero IV: random block 16, its last 2 bytes again, packets, D3 14, SHA-1 20.

using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Digests;

namespace CardUnlock;

internal sealed class MdcData : IEncryptedData
{
    private const int PrefixLength = 16 + 2;
    private const int HashLength = 20;
    private const int TrailerLength = 2 + HashLength;

    private readonly byte[] ciphertext;

    private MdcData(byte[] ciphertext) => this.ciphertext = ciphertext;

    public static MessageFault Parse(ReadOnlySpan<byte> body, out IEncryptedData? data)
    {
        data = null;
        if (body.IsEmpty)
        {
            return MessageFault.Truncated;
        }

        if (body[0] != 1)
        {
            return MessageFault.UnsupportedAlgorithm;
        }

        if (body.Length < 1 + PrefixLength + TrailerLength)
        {
            return MessageFault.Truncated;
        }

        data = new MdcData(body[1..].ToArray());
        return MessageFault.None;
    }

    public SecretBuffer? Decrypt(ReadOnlySpan<byte> sessionKey)
    {
        using SecretBuffer plain = SecretBuffer.Allocate(ciphertext.Length);
        Span<byte> all = plain.Resize(ciphertext.Length);
        using (var aes = new Aes(sessionKey[1..]))
        {
            Cfb.Decrypt(aes, ciphertext, all);
        }

        // Of the prefix' repeated bytes nothing is asked: an answer to that alone would be an oracle. The hash covers
        // them.
        var sha1 = new Sha1Digest();
        sha1.BlockUpdate(all[..^HashLength]);
        Span<byte> hash = stackalloc byte[HashLength];
        sha1.DoFinal(hash);
        bool isWhole = CryptographicOperations.FixedTimeEquals(hash, all[^HashLength..])
            & CryptographicOperations.FixedTimeEquals(all.Slice(all.Length - TrailerLength, 2), [0xD3, 0x14]);
        CryptographicOperations.ZeroMemory(hash);
        if (!isWhole)
        {
            return null;
        }

        ReadOnlySpan<byte> packets = all[PrefixLength..^TrailerLength];
        SecretBuffer result = SecretBuffer.Allocate(packets.Length + 1);
        result.TryAppend(packets);
        return result;
    }
}
