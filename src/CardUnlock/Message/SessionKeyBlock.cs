// SPDX-License-Identifier: GPL-3.0-or-later
// The session key as PKCS#1 or ECDH carries it (RFC 9580 section 5.1): cipher id 1, key 16 to 32, checksum 2 (the key's
// bytes summed modulo 65536, big-endian).

namespace CardUnlock;

internal static class SessionKeyBlock
{
    /// <summary>Cipher id and key, 33 bytes at most.</summary>
    public const int MaxLength = 33;

    private const int ChecksumLength = 2;

    /// <summary>A key's length in bytes; 0: a cipher that is not known here.</summary>
    public static int KeyLength(byte cipher) => cipher switch
    {
        7 => 16,
        8 => 24,
        9 => 32,
        _ => 0,
    };

    /// <summary>Cipher id and key without the checksum, or null when the length or the checksum is wrong.</summary>
    public static SecretBuffer? Read(ReadOnlySpan<byte> block)
    {
        int keyLength = block.IsEmpty ? 0 : KeyLength(block[0]);
        if (keyLength == 0 || block.Length != 1 + keyLength + ChecksumLength)
        {
            return null;
        }

        ushort sum = 0;
        foreach (byte b in block.Slice(1, keyLength))
        {
            sum += b;
        }

        if (block[^2] != sum >> 8 || block[^1] != (sum & 0xFF))
        {
            return null;
        }

        SecretBuffer key = SecretBuffer.Allocate(MaxLength);
        key.TryAppend(block[..(1 + keyLength)]);
        return key;
    }
}
