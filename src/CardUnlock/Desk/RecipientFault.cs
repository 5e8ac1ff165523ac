// SPDX-License-Identifier: GPL-3.0-or-later

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

    /// <summary>Not the card that was seen there before.</summary>
    AnotherCard,
}
