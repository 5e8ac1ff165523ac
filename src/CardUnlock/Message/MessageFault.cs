// SPDX-License-Identifier: GPL-3.0-or-later

namespace CardUnlock;

/// <summary>Why a key file, or the public keys beside it, cannot be used.</summary>
public enum MessageFault
{
    /// <summary>It can be.</summary>
    None,

    /// <summary>The file has no bytes.</summary>
    Empty,

    /// <summary>It ends inside a packet or an armour, or before the encrypted data.</summary>
    Truncated,

    /// <summary>ASCII armour that is no base64, or whose checksum is wrong.</summary>
    DamagedArmour,

    /// <summary>Not an OpenPGP message that is encrypted to a public key; or public keys that are none.</summary>
    NotOpenPgp,

    /// <summary>Encrypted without integrity protection; such data are never decrypted.</summary>
    NoIntegrity,

    /// <summary>A packet version or an algorithm that is not known here.</summary>
    UnsupportedAlgorithm,

    /// <summary>More than 1 MiB, 64 recipients, or 256 public keys.</summary>
    TooLarge,
}
