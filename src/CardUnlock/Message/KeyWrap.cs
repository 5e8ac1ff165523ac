// SPDX-License-Identifier: GPL-3.0-or-later
// AES key wrap and unwrap (RFC 3394 sections 2.2.1 and 2.2.2): blocks of 8 bytes, one more wrapped than inside.

using System.Security.Cryptography;

namespace CardUnlock;

internal static class KeyWrap
{
    private const int Block = 8;
    private const int MaxWrapped = 255;

    /// <summary>
    /// Fills <paramref name="key"/>, of a capacity of <paramref name="wrapped"/>'s length; false, and nothing there, when
    /// the wrapping's own check fails: another key encryption key, or damage.
    /// </summary>
    /// <param name="keyEncryptionKey">16, 24 or 32 bytes.</param>
    /// <param name="wrapped">24 to 255 bytes, a multiple of 8; any other length is damage.</param>
    public static bool TryUnwrap(ReadOnlySpan<byte> keyEncryptionKey, ReadOnlySpan<byte> wrapped, SecretBuffer key)
    {
        key.Clear();
        if (wrapped.Length is < 3 * Block or > MaxWrapped || wrapped.Length % Block != 0)
        {
            return false;
        }

        using var aes = new Aes(keyEncryptionKey);
        using SecretBuffer work = SecretBuffer.Allocate(2 * Block);
        Span<byte> both = work.Resize(2 * Block);
        Span<byte> a = both[..Block];
        int n = (wrapped.Length / Block) - 1;
        Span<byte> r = key.Resize(n * Block);
        wrapped[..Block].CopyTo(a);
        wrapped[Block..].CopyTo(r);
        for (int t = 6 * n; t > 0; t--)
        {
            Span<byte> ri = r.Slice((t - 1) % n * Block, Block);
            a[7] ^= (byte)t;
            ri.CopyTo(both[Block..]);
            aes.Decrypt(both, both);
            both[Block..].CopyTo(ri);
        }

        bool isWhole = CryptographicOperations.FixedTimeEquals(a, [0xA6, 0xA6, 0xA6, 0xA6, 0xA6, 0xA6, 0xA6, 0xA6]);
        if (!isWhole)
        {
            key.Clear();
        }

        return isWhole;
    }

    /// <summary>The wrapping of <paramref name="block"/>: 8 bytes more.</summary>
    /// <param name="keyEncryptionKey">16, 24 or 32 bytes.</param>
    /// <param name="block">16 to 240 bytes, a multiple of 8.</param>
    public static byte[] Wrap(ReadOnlySpan<byte> keyEncryptionKey, ReadOnlySpan<byte> block)
    {
        using var aes = new Aes(keyEncryptionKey);
        using SecretBuffer work = SecretBuffer.Allocate((2 * Block) + block.Length);
        Span<byte> both = work.Resize((2 * Block) + block.Length);
        Span<byte> r = both[(2 * Block)..];
        both = both[..(2 * Block)];
        int n = block.Length / Block;
        both[..Block].Fill(0xA6);
        block.CopyTo(r);
        for (int t = 1; t <= 6 * n; t++)
        {
            Span<byte> ri = r.Slice((t - 1) % n * Block, Block);
            ri.CopyTo(both[Block..]);
            aes.Encrypt(both, both);
            both[7] ^= (byte)t;
            both[Block..].CopyTo(ri);
        }

        return [.. both[..Block], .. r];
    }
}
