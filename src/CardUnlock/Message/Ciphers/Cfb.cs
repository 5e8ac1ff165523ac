// SPDX-License-Identifier: GPL-3.0-or-later
// OpenPGP's CFB encryption of integrity protected data (RFC 9580 sections 12.9 and 5.13.1): full blocks, an IV of
// zeroes, no resynchronisation.

namespace CardUnlock;

internal static class Cfb
{
    /// <summary>
    /// Decrypts <paramref name="ciphertext"/>, of any length, into as many bytes of <paramref name="plain"/>, which lie
    /// elsewhere.
    /// </summary>
    public static void Decrypt(BlockCipher cipher, ReadOnlySpan<byte> ciphertext, Span<byte> plain)
    {
        int block = cipher.BlockLength;
        using SecretBuffer stream = SecretBuffer.Allocate(block);
        Span<byte> pad = stream.Resize(block);
        for (int at = 0; at < ciphertext.Length; at += block)
        {
            cipher.Encrypt(pad, pad);
            ReadOnlySpan<byte> from = ciphertext[at..Math.Min(at + block, ciphertext.Length)];
            for (int i = 0; i < from.Length; i++)
            {
                plain[at + i] = (byte)(from[i] ^ pad[i]);
            }

            from.CopyTo(pad);
        }
    }

    /// <summary>Encrypts <paramref name="plain"/>, of any length, into as many bytes of <paramref name="ciphertext"/>, which lie
    /// elsewhere.</summary>
    public static void Encrypt(BlockCipher cipher, ReadOnlySpan<byte> plain, Span<byte> ciphertext)
    {
        int block = cipher.BlockLength;
        using SecretBuffer stream = SecretBuffer.Allocate(block);
        Span<byte> pad = stream.Resize(block);
        for (int at = 0; at < plain.Length; at += block)
        {
            cipher.Encrypt(pad, pad);
            int count = Math.Min(block, plain.Length - at);
            Span<byte> to = ciphertext.Slice(at, count);
            for (int i = 0; i < count; i++)
            {
                to[i] = (byte)(plain[at + i] ^ pad[i]);
            }

            to.CopyTo(pad);
        }
    }
}
