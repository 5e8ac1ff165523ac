// SPDX-License-Identifier: GPL-3.0-or-later
// KDF-DO (F9) of the OpenPGP card specification 3.4 section 4.3.2: where it is on, the card is sent a hash of the PIN,
// made as RFC 4880 section 3.7.1.3 has it (iterated and salted). SHA-256 gives 32 bytes, SHA-512 64.

using System.Buffers.Binary;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;

namespace CardUnlock;

/// <summary>How a PIN becomes the bytes that VERIFY carries.</summary>
internal sealed record PinDerivation(byte Hash, uint Count, byte[] Salt, byte[] ResetSalt)
{
    private const byte NoDerivation = 0x00;
    private const byte IteratedSalted = 0x03;
    private const byte Sha256 = 8;
    private const byte Sha512 = 10;
    private const int SaltLength = 8;

    // The most that the coded count of RFC 4880 section 3.7.1.3 can say; about a second's work.
    private const uint MaxCount = 65_011_712;

    private static readonly PinDerivation Unknown = new(0, 0, [], []);

    /// <summary>The longest hash in bytes.</summary>
    public const int MaxLength = 64;

    /// <summary>
    /// Null when the PIN is sent as it is: an empty object, or algorithm 0. What cannot be read asks for a hash that
    /// nobody knows.
    /// </summary>
    public static PinDerivation? Parse(ReadOnlySpan<byte> kdf)
    {
        bool hasAlgorithm = Tlv.TryFind(kdf, 0x81, out ReadOnlySpan<byte> algorithm);
        if (kdf.IsEmpty || (hasAlgorithm && algorithm.SequenceEqual([NoDerivation])))
        {
            return null;
        }

        Tlv.TryFind(kdf, 0x82, out ReadOnlySpan<byte> hash);
        Tlv.TryFind(kdf, 0x83, out ReadOnlySpan<byte> count);
        Tlv.TryFind(kdf, 0x84, out ReadOnlySpan<byte> salt);
        bool hasResetSalt = Tlv.TryFind(kdf, 0x85, out ReadOnlySpan<byte> resetSalt);
        bool known = algorithm.SequenceEqual([IteratedSalted]) && hash.Length == 1 && count.Length == 4 && salt.Length == SaltLength;
        if (!known)
        {
            return Unknown;
        }

        // Where the resetting code has no salt of its own, the PIN's serves.
        byte[] own = salt.ToArray();
        byte[] reset = hasResetSalt ? resetSalt.ToArray() : own;
        return new PinDerivation(hash[0], BinaryPrimitives.ReadUInt32BigEndian(count), own, reset);
    }

    /// <summary>
    /// The hash of <paramref name="pin"/>; null when the card asks for a hash or a count that the specification does not have.
    /// </summary>
    public SecretBuffer? Derive(ReadOnlySpan<byte> pin) => Derive(Salt, pin);

    /// <summary>The same for the resetting code, with its own salt.</summary>
    public SecretBuffer? DeriveResetCode(ReadOnlySpan<byte> code) =>
        ResetSalt.Length == SaltLength ? Derive(ResetSalt, code) : null;

    private SecretBuffer? Derive(byte[] salt, ReadOnlySpan<byte> pin)
    {
        IDigest? digest = Hash switch
        {
            Sha256 => new Sha256Digest(),
            Sha512 => new Sha512Digest(),
            _ => null,
        };
        if (digest is null || Count > MaxCount)
        {
            return null;
        }

        // Salt and PIN are hashed over and over until Count bytes went in, and at least once whole.
        using SecretBuffer round = SecretBuffer.Allocate(salt.Length + pin.Length + 1);
        round.TryAppend(salt);
        round.TryAppend(pin);
        long left = Math.Max(Count, round.Length);
        for (; left > 0; left -= round.Length)
        {
            digest.BlockUpdate(round.Span[..(int)Math.Min(left, round.Length)]);
        }

        SecretBuffer result = SecretBuffer.Allocate(MaxLength);
        digest.DoFinal(result.Resize(digest.GetDigestSize()));
        return result;
    }
}
