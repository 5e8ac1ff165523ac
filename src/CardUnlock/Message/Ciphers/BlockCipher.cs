// SPDX-License-Identifier: GPL-3.0-or-later
// The block ciphers that a message may name (RFC 9580 section 9.3), blocks of 8 or 16 bytes. They are written here and
// not taken from a library for one reason: the key schedule and the state stay in locked memory and are zeroed, where a
// library's managed arrays would be left to the collector.

namespace CardUnlock;

/// <summary>One key's block cipher in both directions; its memory is zeroed when disposed. Not for two threads at
/// once.</summary>
internal abstract class BlockCipher : IDisposable
{
    private readonly SecretBuffer memory;

    /// <param name="memoryLength">The bytes of key schedule and working state.</param>
    protected BlockCipher(int memoryLength)
    {
        memory = SecretBuffer.Allocate(memoryLength);
        memory.Resize(memoryLength);
    }

    /// <summary>8 or 16 bytes.</summary>
    public abstract int BlockLength { get; }

    /// <summary>Key schedule and working state, zeroes at first; begins at a page.</summary>
    protected Span<byte> Memory => memory.Span;

    /// <summary>A key's length in bytes; 0: a cipher that is not known here.</summary>
    public static int KeyLength(byte openPgpCipher) => openPgpCipher switch
    {
        7 => 16,
        8 => 24,
        9 => 32,
        _ => 0,
    };

    /// <summary>The cipher with its key; null when it is unknown or the key has not its length.</summary>
    public static BlockCipher? Create(byte openPgpCipher, ReadOnlySpan<byte> key)
    {
        if (key.IsEmpty || key.Length != KeyLength(openPgpCipher))
        {
            return null;
        }

        return openPgpCipher switch
        {
            _ => new Aes(key),
        };
    }

    /// <summary>Encrypts one block; <paramref name="to"/> may be <paramref name="from"/>.</summary>
    public abstract void Encrypt(ReadOnlySpan<byte> from, Span<byte> to);

    /// <summary>Decrypts one block; <paramref name="to"/> may be <paramref name="from"/>.</summary>
    public abstract void Decrypt(ReadOnlySpan<byte> from, Span<byte> to);

    public void Dispose() => memory.Dispose();
}
