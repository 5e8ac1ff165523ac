// SPDX-License-Identifier: GPL-3.0-or-later
// Somebody to encrypt to: a public key that can encrypt, from a card, a file or a token (RFC 9580 section 10.1).

namespace CardUnlock;

/// <summary>Why there is nobody to encrypt to.</summary>
public enum RecipientFault
{
    /// <summary>There is.</summary>
    None,

    /// <summary>Not OpenPGP public keys.</summary>
    NotAPublicKey,

    /// <summary>Secret keys: they do not belong on this system.</summary>
    SecretKey,

    /// <summary>Nothing in it encrypts: signing keys only, or revoked, or expired.</summary>
    CannotEncrypt,

    /// <summary>An algorithm or a curve that is not known here.</summary>
    UnsupportedAlgorithm,

    /// <summary>More than one certificate: which one is meant?</summary>
    SeveralKeys,

    /// <summary>The card holds no decryption key.</summary>
    NoKeyOnCard,

    /// <summary>What the card says of its key gives another fingerprint than the one that it holds.</summary>
    FingerprintDiffers,
}

/// <summary>A key to encrypt to, and what it is called.</summary>
public sealed class Recipient
{
    /// <summary>The holder's name, or the user id's; may be empty.</summary>
    public string Name => throw new NotSupportedException();

    /// <summary>The card's serial number where it came from one; else empty.</summary>
    public string Serial => throw new NotSupportedException();

    /// <summary>The encryption (sub)key's fingerprint: 20 bytes, 32 of version 6.</summary>
    public byte[] Fingerprint => throw new NotSupportedException();

    /// <summary>As gpg calls it: "rsa2048", "cv25519", "nistp256".</summary>
    public string Algorithm => throw new NotSupportedException();

    /// <summary>The packets for a token's public_keys: as few as the agent and a later re-encryption need.</summary>
    public byte[] PublicKeys => throw new NotSupportedException();

    /// <summary>Reads one certificate, binary or armoured, and takes its newest valid encryption key (self-signatures are verified).</summary>
    public static Recipient? Read(ReadOnlySpan<byte> file, DateTimeOffset now, out RecipientFault fault) => throw new NotSupportedException();

    /// <summary>The recipients that a token's message has, from its public_keys and cards.</summary>
    /// <param name="missing">The key ids of those recipients of the message whose public keys are not there.</param>
    public static IReadOnlyList<Recipient> OfToken(LuksToken token, out IReadOnlyList<ulong> missing) => throw new NotSupportedException();
}

/// <summary>Writes OpenPGP messages that `gpg --decrypt` reads.</summary>
public static class KeyMessage
{
    /// <summary>
    /// Encrypts <paramref name="key"/> with AES-256 and MDC (RFC 9580 section 5.13.1) to every recipient, session key from getrandom(2).
    /// </summary>
    /// <param name="key">1 to 8192 bytes; borrowed.</param>
    /// <param name="recipients">At least one.</param>
    public static byte[] Encrypt(SecretBuffer key, IReadOnlyList<Recipient> recipients) => throw new NotSupportedException();

    /// <summary>A token as docs/luks2-token.md has it.</summary>
    public static byte[] ToToken(IReadOnlyList<int> keyslots, byte[] message, IReadOnlyList<Recipient> recipients) =>
        throw new NotSupportedException();

    /// <summary>Fresh bytes from getrandom(2).</summary>
    public static SecretBuffer RandomKey(int length) => throw new NotSupportedException();
}
