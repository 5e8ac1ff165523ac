// SPDX-License-Identifier: GPL-3.0-or-later
// The session key as PKCS#1 or ECDH carries it (RFC 9580 section 5.1): cipher id 1 (in version 3 packets), key 16 to 32,
// checksum 2 (the key's bytes summed modulo 65536, big-endian).

namespace CardUnlock;

internal static class SessionKeyBlock
{
    private const int MinKeyLength = 16;
    private const int MaxKeyLength = 32;
    private const int ChecksumLength = 2;

    /// <summary>
    /// Cipher id and key without the checksum; the id is 0 where the block has none. NotTheRecipient when it is no such
    /// block, Unsupported when it is one for a cipher that is not known here.
    /// </summary>
    public static Opening Read(ReadOnlySpan<byte> block, bool hasCipher, out SecretBuffer? key)
    {
        key = null;
        byte cipher = hasCipher && !block.IsEmpty ? block[0] : (byte)0;
        ReadOnlySpan<byte> rest = block[(hasCipher && !block.IsEmpty ? 1 : 0)..];
        int length = rest.Length - ChecksumLength;
        if (length is < MinKeyLength or > MaxKeyLength || !IsSummed(rest[..length], rest[length..]))
        {
            return Opening.NotTheRecipient;
        }

        return Take(cipher, hasCipher, rest[..length], out key);
    }

    /// <summary>The same from a bare key, whose cipher stood beside it or (0) stands in the data packet.</summary>
    public static Opening Take(byte cipher, bool hasCipher, ReadOnlySpan<byte> bytes, out SecretBuffer? key)
    {
        key = null;
        int expected = BlockCipher.KeyLength(cipher);
        if (hasCipher && expected == 0)
        {
            return Opening.Unsupported;
        }

        if (bytes.Length is < MinKeyLength or > MaxKeyLength || (hasCipher && bytes.Length != expected))
        {
            return Opening.NotTheRecipient;
        }

        key = SecretBuffer.Allocate(1 + MaxKeyLength);
        key.TryAppend([cipher]);
        key.TryAppend(bytes);
        return Opening.Opened;
    }

    private static bool IsSummed(ReadOnlySpan<byte> key, ReadOnlySpan<byte> checksum)
    {
        ushort sum = 0;
        foreach (byte b in key)
        {
            sum += b;
        }

        return checksum[0] == sum >> 8 && checksum[1] == (sum & 0xFF);
    }
}
