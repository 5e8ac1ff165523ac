// SPDX-License-Identifier: GPL-3.0-or-later
// From the shared secret that the card answers to the session key: ECDH (RFC 6637 sections 7 and 8, RFC 9580 section
// 11.5), X25519 and X448 (RFC 9580 sections 5.1.6 and 5.1.7). The key encryption key opens an AES key wrapping.

using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;

namespace CardUnlock;

/// <summary>ECDH's key derivation function as a public key names it: OpenPGP's ids of a hash and of AES.</summary>
internal readonly record struct KdfParameters(byte Hash, byte Cipher)
{
    /// <summary>RFC 9580 section 11.5 allows SHA2-256, -384 and -512, and AES.</summary>
    public bool AreKnown => Hash is 8 or 9 or 10 && Cipher is 7 or 8 or 9;
}

internal static class KeyDerivation
{
    private const byte Ecdh = 18;
    private const int MaxDigest = 64;

    // Without the public key its choice of hash and cipher is not known. The unwrapping's own 64-bit check tells which
    // pair is right, so the nine that RFC 9580 allows are tried; first what GnuPG writes for each size of curve.
    internal static readonly KdfParameters[] Choices =
    [
        new(8, 7), new(9, 8), new(10, 9), new(8, 8), new(8, 9), new(9, 7), new(9, 9), new(10, 7), new(10, 8),
    ];

    /// <summary>1.3.6.1.4.1.3029.1.5.1, in version 4 keys the name of Curve25519 (10 bytes).</summary>
    public static ReadOnlySpan<byte> Curve25519Oid => Curve.Curve25519.Oid;

    /// <summary>
    /// ECDH: the block that was wrapped, without its padding, or null when <paramref name="parameters"/>, or no choice of
    /// them, opens it.
    /// </summary>
    /// <param name="shared">X, padded to the field's length.</param>
    /// <param name="curveOid">The OID without its length.</param>
    /// <param name="fingerprint">The encryption key's: 20 bytes, 32 of a version 6 key.</param>
    /// <param name="parameters">The public key's; null: not known.</param>
    /// <param name="wrapped">The wrapped block, a multiple of 8 bytes.</param>
    public static SecretBuffer? UnwrapEcdh(
        ReadOnlySpan<byte> shared,
        ReadOnlySpan<byte> curveOid,
        ReadOnlySpan<byte> fingerprint,
        KdfParameters? parameters,
        ReadOnlySpan<byte> wrapped)
    {
        using SecretBuffer keyEncryptionKey = SecretBuffer.Allocate(MaxDigest);
        using SecretBuffer block = SecretBuffer.Allocate(Math.Max(1, wrapped.Length));
        foreach (KdfParameters choice in parameters is KdfParameters known ? [known] : Choices)
        {
            Derive(shared, curveOid, fingerprint, choice, keyEncryptionKey);
            int keyLength = BlockCipher.KeyLength(choice.Cipher);
            if (KeyWrap.TryUnwrap(keyEncryptionKey.Span[..keyLength], wrapped, block))
            {
                block.Truncate(LengthWithoutPadding(block.Span));
                return block.Move();
            }
        }

        return null;
    }

    /// <summary>X25519 and X448: the session key, or null when it does not unwrap.</summary>
    /// <param name="curve">The one or the other.</param>
    /// <param name="ephemeral">The sender's public key.</param>
    /// <param name="recipient">The recipient's public key.</param>
    /// <param name="shared">What the card answered; all three as long as the curve's field.</param>
    /// <param name="wrapped">The wrapped session key.</param>
    public static SecretBuffer? UnwrapNative(
        Curve curve,
        ReadOnlySpan<byte> ephemeral,
        ReadOnlySpan<byte> recipient,
        ReadOnlySpan<byte> shared,
        ReadOnlySpan<byte> wrapped)
    {
        using SecretBuffer keyEncryptionKey = SecretBuffer.Allocate(NativeKeyLength(curve));
        DeriveNative(curve, ephemeral, recipient, shared, keyEncryptionKey);
        using SecretBuffer key = SecretBuffer.Allocate(Math.Max(1, wrapped.Length));
        return KeyWrap.TryUnwrap(keyEncryptionKey.Span, wrapped, key) ? key.Move() : null;
    }

    /// <summary>ECDH, the other way round: pads the block to a multiple of 8 bytes and wraps it.</summary>
    public static byte[] WrapEcdh(
        ReadOnlySpan<byte> shared,
        ReadOnlySpan<byte> curveOid,
        ReadOnlySpan<byte> fingerprint,
        KdfParameters parameters,
        ReadOnlySpan<byte> block)
    {
        using SecretBuffer keyEncryptionKey = SecretBuffer.Allocate(MaxDigest);
        Derive(shared, curveOid, fingerprint, parameters, keyEncryptionKey);
        int padding = 8 - (block.Length % 8);
        using SecretBuffer padded = SecretBuffer.Allocate(block.Length + padding);
        padded.Resize(block.Length + padding).Fill((byte)padding);
        block.CopyTo(padded.Span);
        return KeyWrap.Wrap(keyEncryptionKey.Span[..BlockCipher.KeyLength(parameters.Cipher)], padded.Span);
    }

    /// <summary>X25519 and X448, the other way round: wraps the bare session key.</summary>
    public static byte[] WrapNative(
        Curve curve,
        ReadOnlySpan<byte> ephemeral,
        ReadOnlySpan<byte> recipient,
        ReadOnlySpan<byte> shared,
        ReadOnlySpan<byte> key)
    {
        using SecretBuffer keyEncryptionKey = SecretBuffer.Allocate(NativeKeyLength(curve));
        DeriveNative(curve, ephemeral, recipient, shared, keyEncryptionKey);
        return KeyWrap.Wrap(keyEncryptionKey.Span, key);
    }

    private static int NativeKeyLength(Curve curve) => curve == Curve.X448 ? 32 : 16;

    private static void DeriveNative(
        Curve curve,
        ReadOnlySpan<byte> ephemeral,
        ReadOnlySpan<byte> recipient,
        ReadOnlySpan<byte> shared,
        SecretBuffer keyEncryptionKey)
    {
        bool is448 = curve == Curve.X448;
        using SecretBuffer input = SecretBuffer.Allocate(3 * curve.FieldLength);
        input.TryAppend(ephemeral);
        input.TryAppend(recipient);
        input.TryAppend(shared);
        Hkdf.Derive(
            is448 ? new Sha512Digest() : new Sha256Digest(),
            input.Span,
            default,
            is448 ? "OpenPGP X448"u8 : "OpenPGP X25519"u8,
            keyEncryptionKey);
    }

    // HASH(00000001, X, OID length, OID, 18, 03 01 hash cipher, "Anonymous Sender    ", fingerprint)
    private static void Derive(
        ReadOnlySpan<byte> shared,
        ReadOnlySpan<byte> curveOid,
        ReadOnlySpan<byte> fingerprint,
        KdfParameters parameters,
        SecretBuffer keyEncryptionKey)
    {
        IDigest digest = parameters.Hash switch
        {
            8 => new Sha256Digest(),
            9 => new Sha384Digest(),
            _ => new Sha512Digest(),
        };
        digest.BlockUpdate([0, 0, 0, 1]);
        digest.BlockUpdate(shared);
        digest.BlockUpdate([(byte)curveOid.Length]);
        digest.BlockUpdate(curveOid);
        digest.BlockUpdate([Ecdh, 0x03, 0x01, parameters.Hash, parameters.Cipher]);
        digest.BlockUpdate("Anonymous Sender    "u8);
        digest.BlockUpdate(fingerprint);
        digest.DoFinal(keyEncryptionKey.Resize(digest.GetDigestSize()));
    }

    // PKCS#5-like: n bytes of value n; nothing at all remains when they are not.
    private static int LengthWithoutPadding(ReadOnlySpan<byte> block)
    {
        byte count = block[^1];
        return count > 0 && count < block.Length && !block[^count..].ContainsAnyExcept(count) ? block.Length - count : 0;
    }
}
