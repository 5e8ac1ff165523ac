// SPDX-License-Identifier: GPL-3.0-or-later

namespace CardUnlock;

/// <summary>An encrypted data packet of one of the kinds that protect integrity.</summary>
internal interface IEncryptedData
{
    /// <summary>The version of the session key packets that belong to it: 3, or 6 (RFC 9580 section 10.3.2.1).</summary>
    byte SessionKeyVersion { get; }

    /// <summary>
    /// The packets inside, after their integrity was checked; null unless the result is <see cref="Opening.Opened"/>.
    /// </summary>
    /// <param name="sessionKey">Cipher id (1 byte; 0: as this packet says) and key.</param>
    /// <param name="packets">The receiver disposes them.</param>
    Opening Decrypt(ReadOnlySpan<byte> sessionKey, out SecretBuffer? packets);
}
