// SPDX-License-Identifier: GPL-3.0-or-later
// The authenticated modes that a message may name (RFC 9580 section 9.6) over a cipher with blocks of 16 bytes: EAX 1,
// OCB 2, GCM 3; tags of 16 bytes. Decryption only; every intermediate block lies in locked memory.

using System.Security.Cryptography;

namespace CardUnlock;

/// <summary>One key's authenticated decryption; owns its cipher, zeroed when disposed. Not for two threads at
/// once.</summary>
internal abstract class AeadCipher : IDisposable
{
    public const int TagLength = 16;

    protected const int Block = 16;

    private readonly SecretBuffer blocks;
    private readonly byte aead;

    /// <param name="blockCount">How many blocks of memory the mode needs.</param>
    protected AeadCipher(byte aead, BlockCipher cipher, int blockCount)
    {
        this.aead = aead;
        Cipher = cipher;
        blocks = SecretBuffer.Allocate((blockCount + 1) * Block);
        blocks.Resize(blocks.Capacity);
    }

    /// <summary>12 to 16 bytes.</summary>
    public int NonceLength => NonceLengthOf(aead);

    protected BlockCipher Cipher { get; }

    /// <summary>The mode's own blocks, zeroes at first.</summary>
    protected Span<byte> Memory => blocks.Span[Block..];

    /// <summary>A nonce's length in bytes; 0: a mode that is not known here.</summary>
    public static int NonceLengthOf(byte aead) => aead switch
    {
        1 => 16,
        2 => 15,
        3 => 12,
        _ => 0,
    };

    /// <summary>
    /// The mode with its key; null when mode or cipher are unknown, the cipher's block has not 16 bytes, or the key has
    /// not the cipher's length.
    /// </summary>
    public static AeadCipher? Create(byte aead, byte openPgpCipher, ReadOnlySpan<byte> key)
    {
        BlockCipher? cipher = NonceLengthOf(aead) == 0 ? null : BlockCipher.Create(openPgpCipher, key);
        if (cipher?.BlockLength != Block)
        {
            cipher?.Dispose();
            return null;
        }

        return aead switch
        {
            1 => new EaxCipher(cipher),
            2 => new OcbCipher(cipher),
            _ => new GcmCipher(cipher),
        };
    }

    /// <summary>
    /// Decrypts into <paramref name="plain"/>, as long as <paramref name="ciphertext"/> and maybe the same bytes; false,
    /// and zeroes there, when the tag is wrong.
    /// </summary>
    /// <param name="nonce"><see cref="NonceLength"/> bytes.</param>
    public bool TryDecrypt(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plain)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(nonce.Length, NonceLength);
        ArgumentOutOfRangeException.ThrowIfNotEqual(plain.Length, ciphertext.Length);
        Span<byte> expected = blocks.Span[..Block];
        Decrypt(nonce, associated, ciphertext, plain, expected);
        bool isWhole = CryptographicOperations.FixedTimeEquals(expected, tag);

        // The right tag of a forged message is its forger's secret to find.
        CryptographicOperations.ZeroMemory(expected);
        if (!isWhole)
        {
            CryptographicOperations.ZeroMemory(plain);
        }

        return isWhole;
    }

    public void Dispose()
    {
        Cipher.Dispose();
        blocks.Dispose();
    }

    /// <summary>Decrypts, and computes the tag that belongs to it.</summary>
    protected abstract void Decrypt(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> ciphertext, Span<byte> plain, Span<byte> tag);

    /// <summary>
    /// Counter mode from <paramref name="counter"/> on, whose last <paramref name="counterLength"/> bytes run.
    /// </summary>
    protected void CounterMode(
        Span<byte> counter, int counterLength, ReadOnlySpan<byte> ciphertext, Span<byte> plain, Span<byte> pad)
    {
        for (int at = 0; at < ciphertext.Length; at += Block)
        {
            Cipher.Encrypt(counter, pad);
            for (int i = 0; i < Math.Min(Block, ciphertext.Length - at); i++)
            {
                plain[at + i] = (byte)(ciphertext[at + i] ^ pad[i]);
            }

            // The carry goes on while a byte became zero.
            for (int i = Block - 1; i >= Block - counterLength && ++counter[i] == 0; i--)
            {
            }
        }
    }

    protected static void Xor(Span<byte> to, ReadOnlySpan<byte> from)
    {
        for (int i = 0; i < Block; i++)
        {
            to[i] ^= from[i];
        }
    }

    /// <summary>Times x in the field of x^128 + x^7 + x^2 + x + 1, the first byte's high bit the highest power.</summary>
    protected static void Double(ReadOnlySpan<byte> from, Span<byte> to)
    {
        int carry = from[0] >> 7;
        for (int i = 0; i < Block - 1; i++)
        {
            to[i] = (byte)((from[i] << 1) | (from[i + 1] >> 7));
        }

        to[Block - 1] = (byte)((from[Block - 1] << 1) ^ (carry * 0x87));
    }
}
