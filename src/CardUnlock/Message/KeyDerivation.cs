// SPDX-License-Identifier: GPL-3.0-or-later
// ECDH's session key (RFC 6637 sections 7 and 8, RFC 9580 section 11.5): a hash over the shared X gives the key
// encryption key, AES key unwrap (RFC 3394) opens the session key block.

using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;

namespace CardUnlock;

internal static class KeyDerivation
{
    private const byte Ecdh = 18;
    private const int UnwrapBlock = 8;
    private const int MaxWrapped = 255;

    // The hash and the cipher stand in the public key, which the boot has not. The unwrapping's own check tells which
    // pair is right, so the few that RFC 9580 allows are tried; first what GnuPG writes for each size of curve.
    private static ReadOnlySpan<byte> Choices => [8, 7, 9, 8, 10, 9, 8, 8, 8, 9, 9, 7, 9, 9, 10, 7, 10, 8];

    /// <summary>1.3.6.1.4.1.3029.1.5.1, in version 4 keys the name of Curve25519 (10 bytes).</summary>
    public static ReadOnlySpan<byte> Curve25519Oid => [0x2B, 0x06, 0x01, 0x04, 0x01, 0x97, 0x55, 0x01, 0x05, 0x01];

    /// <summary>The session key block (cipher id, key), or null when no choice of hash and cipher opens it.</summary>
    /// <param name="shared">X, padded to the field's length.</param>
    /// <param name="curveOid">The OID without its length.</param>
    /// <param name="fingerprint">The encryption key's, 20 bytes.</param>
    /// <param name="wrapped">The wrapped block, a multiple of 8 bytes.</param>
    public static SecretBuffer? Unwrap(
        ReadOnlySpan<byte> shared, ReadOnlySpan<byte> curveOid, ReadOnlySpan<byte> fingerprint, ReadOnlySpan<byte> wrapped)
    {
        if (wrapped.Length is < 24 or > MaxWrapped || wrapped.Length % UnwrapBlock != 0)
        {
            return null;
        }

        using SecretBuffer keyEncryptionKey = SecretBuffer.Allocate(64);
        using SecretBuffer block = SecretBuffer.Allocate(wrapped.Length);
        for (int i = 0; i < Choices.Length; i += 2)
        {
            byte hash = Choices[i];
            byte cipher = Choices[i + 1];
            Derive(shared, curveOid, fingerprint, hash, cipher, keyEncryptionKey);
            if (TryUnwrap(keyEncryptionKey.Span[..SessionKeyBlock.KeyLength(cipher)], wrapped, block))
            {
                return SessionKeyBlock.Read(WithoutPadding(block.Span));
            }
        }

        return null;
    }

    // HASH(00000001, X, OID length, OID, 18, 03 01 hash cipher, "Anonymous Sender    ", fingerprint)
    private static void Derive(
        ReadOnlySpan<byte> shared,
        ReadOnlySpan<byte> curveOid,
        ReadOnlySpan<byte> fingerprint,
        byte hash,
        byte cipher,
        SecretBuffer keyEncryptionKey)
    {
        IDigest digest = hash switch
        {
            8 => new Sha256Digest(),
            9 => new Sha384Digest(),
            _ => new Sha512Digest(),
        };
        digest.BlockUpdate([0, 0, 0, 1]);
        digest.BlockUpdate(shared);
        digest.BlockUpdate([(byte)curveOid.Length]);
        digest.BlockUpdate(curveOid);
        digest.BlockUpdate([Ecdh, 0x03, 0x01, hash, cipher]);
        digest.BlockUpdate("Anonymous Sender    "u8);
        digest.BlockUpdate(fingerprint);
        digest.DoFinal(keyEncryptionKey.Resize(digest.GetDigestSize()));
    }

    // RFC 3394 section 2.2.2; the result is in block when its first register is A6A6A6A6A6A6A6A6.
    private static bool TryUnwrap(ReadOnlySpan<byte> key, ReadOnlySpan<byte> wrapped, SecretBuffer block)
    {
        using var aes = new Aes(key);
        using SecretBuffer work = SecretBuffer.Allocate(2 * UnwrapBlock);
        Span<byte> both = work.Resize(2 * UnwrapBlock);
        Span<byte> a = both[..UnwrapBlock];
        int n = (wrapped.Length / UnwrapBlock) - 1;
        Span<byte> r = block.Resize(n * UnwrapBlock);
        wrapped[..UnwrapBlock].CopyTo(a);
        wrapped[UnwrapBlock..].CopyTo(r);
        for (int t = 6 * n; t > 0; t--)
        {
            Span<byte> ri = r.Slice((t - 1) % n * UnwrapBlock, UnwrapBlock);
            a[7] ^= (byte)t;
            ri.CopyTo(both[UnwrapBlock..]);
            aes.Decrypt(both, both);
            both[UnwrapBlock..].CopyTo(ri);
        }

        return CryptographicOperations.FixedTimeEquals(a, [0xA6, 0xA6, 0xA6, 0xA6, 0xA6, 0xA6, 0xA6, 0xA6]);
    }

    // PKCS#5-like: n bytes of value n; nothing at all when they are not.
    private static ReadOnlySpan<byte> WithoutPadding(ReadOnlySpan<byte> block)
    {
        byte count = block[^1];
        return count > 0 && count < block.Length && !block[^count..].ContainsAnyExcept(count) ? block[..^count] : default;
    }
}
