// SPDX-License-Identifier: GPL-3.0-or-later
// HKDF (RFC 5869) over HMAC (RFC 2104). Written here for one reason: a library's would keep pads and keys in managed
// arrays. The digests zero their own state when they finish.

using Org.BouncyCastle.Crypto;

namespace CardUnlock;

internal static class Hkdf
{
    /// <summary>Fills <paramref name="output"/> to its capacity, at most 255 digests.</summary>
    /// <param name="digest">Fresh, or finished.</param>
    /// <param name="secret">The input keying material.</param>
    /// <param name="salt">At most the digest's block; may be empty.</param>
    /// <param name="info">What the output is for.</param>
    /// <param name="output">The output keying material.</param>
    public static void Derive(
        IDigest digest, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> info, SecretBuffer output)
    {
        int length = digest.GetDigestSize();
        using SecretBuffer memory = SecretBuffer.Allocate(2 * length);
        Span<byte> both = memory.Resize(2 * length);
        Span<byte> pseudorandomKey = both[..length];
        Span<byte> block = both[length..];
        Hmac(digest, salt, secret, default, default, pseudorandomKey);
        Span<byte> to = output.Resize(output.Capacity);
        ReadOnlySpan<byte> previous = default;
        for (byte counter = 1; !to.IsEmpty; counter++)
        {
            Hmac(digest, pseudorandomKey, previous, info, [counter], block);
            int count = Math.Min(length, to.Length);
            block[..count].CopyTo(to);
            to = to[count..];
            previous = block;
        }
    }

    // The message in three parts, any of which may lie where the result goes.
    private static void Hmac(
        IDigest digest,
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> first,
        ReadOnlySpan<byte> second,
        ReadOnlySpan<byte> third,
        Span<byte> result)
    {
        using SecretBuffer memory = SecretBuffer.Allocate(digest.GetByteLength());
        Span<byte> pad = memory.Resize(memory.Capacity);
        key.CopyTo(pad);
        Mask(pad, 0x36);
        digest.BlockUpdate(pad);
        digest.BlockUpdate(first);
        digest.BlockUpdate(second);
        digest.BlockUpdate(third);
        digest.DoFinal(result);
        Mask(pad, 0x36 ^ 0x5C);
        digest.BlockUpdate(pad);
        digest.BlockUpdate(result);
        digest.DoFinal(result);
    }

    private static void Mask(Span<byte> pad, byte mask)
    {
        for (int i = 0; i < pad.Length; i++)
        {
            pad[i] ^= mask;
        }
    }
}
