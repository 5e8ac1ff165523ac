// SPDX-License-Identifier: GPL-3.0-or-later
// Private keys that live on the card (OpenPGP card 3.4 sections 4.4.3.12 and 7.2.8 to 7.2.14), one class for each
// family of algorithms. A further family is a further subclass and one arm in CardKeys.

namespace CardSimulator;

/// <summary>One private key; what a family of algorithms cannot do answers null (the card says 6A80 or 6985).</summary>
internal abstract class CardKey
{
    /// <summary>The content of 7F49: 81 modulus, 82 exponent for RSA; 86 point for curves.</summary>
    public abstract byte[] PublicKeyObjects();

    /// <summary>PSO:DECIPHER. The answer is the plain text without padding, or the shared secret.</summary>
    /// <param name="input">The whole data field: 00 and the cryptogram, or A6 … for curves.</param>
    public virtual byte[]? Decipher(ReadOnlySpan<byte> input) => null;

    /// <summary>The same where a card answers the whole point, 04, X, Y; null for keys without such a point.</summary>
    public virtual byte[]? SharedPoint(ReadOnlySpan<byte> input) => null;

    /// <summary>PSO:COMPUTE DIGITAL SIGNATURE and INTERNAL AUTHENTICATE.</summary>
    /// <param name="input">A DigestInfo for RSA, what is signed itself for Ed25519.</param>
    public virtual byte[]? Sign(ReadOnlySpan<byte> input) => null;

    /// <summary>The key as import objects by tag (91 e, 92 p, 93 q; 92 scalar), for the state file.</summary>
    public abstract IReadOnlyDictionary<int, byte[]> ImportObjects();

    /// <summary>The point out of A6 L 7F49 L 86 L point.</summary>
    protected static byte[]? ReadPoint(ReadOnlySpan<byte> input) =>
        Tlv.TryFind(input, 0xA6, out ReadOnlySpan<byte> cipher)
        && Tlv.TryFind(cipher, 0x7F49, out ReadOnlySpan<byte> key)
        && Tlv.TryFind(key, 0x86, out ReadOnlySpan<byte> point)
            ? point.ToArray()
            : null;
}
