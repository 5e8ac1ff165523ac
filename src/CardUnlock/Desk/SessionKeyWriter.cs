// SPDX-License-Identifier: GPL-3.0-or-later
// Version 3 session key packets (RFC 9580 section 5.1.1): version 1, key id 8, algorithm 1; RSA: PKCS#1 (RFC 8017 section 7.2.1)
// as an MPI; ECDH (section 5.1.5): ephemeral point as an MPI, length 1, wrapped block; X25519, X448 (sections 5.1.6, 5.1.7):
// ephemeral point, length 1, cipher 1, wrapped key.

namespace CardUnlock;

internal static class SessionKeyWriter
{
    private const byte Version = 3;
    private const byte NativePoint = 0x40;
    private const int ChecksumLength = 2;

    private const int Residues = 2;

    /// <param name="key">The recipient.</param>
    /// <param name="sessionKey">Cipher id and key.</param>
    public static byte[] Write(EncryptionKey key, ReadOnlySpan<byte> sessionKey) => PacketWriter.Packet(
        PacketTag.PublicKeySessionKey,
        [Version, .. key.KeyId, key.Algorithm, .. key.Curve is null ? Rsa(key, sessionKey) : Agree(key, sessionKey)]);

    // Cipher, key, and the sum of the key's bytes.
    private static SecretBuffer Block(ReadOnlySpan<byte> sessionKey)
    {
        int sum = 0;
        foreach (byte b in sessionKey[1..])
        {
            sum += b;
        }

        SecretBuffer block = SecretBuffer.Allocate(sessionKey.Length + ChecksumLength);
        block.TryAppend(sessionKey);
        block.TryAppend([(byte)(sum >> 8), (byte)sum]);
        return block;
    }

    private static byte[] Rsa(EncryptionKey key, ReadOnlySpan<byte> sessionKey)
    {
        using SecretBuffer block = Block(sessionKey);
        using SecretBuffer encoded = SecretBuffer.Allocate(key.Modulus.Length);
        Span<byte> all = encoded.Resize(key.Modulus.Length);
        Span<byte> padding = all[2..^(block.Length + 1)];
        all[1] = 2;
        FillWithoutZeros(padding);
        block.Span.CopyTo(all[^block.Length..]);
        using var modulus = new Modulus(key.Modulus, Residues);
        modulus.Read(all, modulus.Element(0));
        modulus.Power(modulus.Element(0), key.Exponent, modulus.Element(1));
        var cryptogram = new byte[key.Modulus.Length];
        modulus.Write(modulus.Element(1), cryptogram);
        return PacketWriter.Mpi(cryptogram);
    }

    private static void FillWithoutZeros(Span<byte> padding)
    {
        RandomBytes.Fill(padding);
        for (int zero; (zero = padding.IndexOf((byte)0)) >= 0;)
        {
            RandomBytes.Fill(padding.Slice(zero, 1));
        }
    }

    private static byte[] Agree(EncryptionKey key, ReadOnlySpan<byte> sessionKey)
    {
        using IEphemeralCurve curve = key.OpenCurve();
        using SecretBuffer scalar = curve.NewScalar();
        byte[] ephemeral = curve.PublicKey(scalar);
        using SecretBuffer shared = curve.SharedSecret(scalar, key.Point);
        if (key.Algorithm != EncryptionKey.Ecdh)
        {
            byte[] share = KeyDerivation.WrapNative(key.Curve!, ephemeral, key.Point, shared.Span, sessionKey[1..]);
            return [.. ephemeral, (byte)(1 + share.Length), sessionKey[0], .. share];
        }

        using SecretBuffer block = Block(sessionKey);
        RecipientKey parameters = key.Parameters;
        byte[] wrapped = KeyDerivation.WrapEcdh(
            shared.Span, parameters.CurveOid, parameters.KdfFingerprint, parameters.Kdf, block.Span);
        byte[] point = key.HasBarePoints ? PacketWriter.Octets(ephemeral)
            : PacketWriter.Mpi(key.Curve!.IsNative ? [NativePoint, .. ephemeral] : ephemeral);
        return [.. point, (byte)wrapped.Length, .. wrapped];
    }
}
