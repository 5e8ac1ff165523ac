// SPDX-License-Identifier: GPL-3.0-or-later
// What became of one step on the way from a card's answer to the key.

namespace CardUnlock;

/// <summary>The outcome of opening a session key packet, an encrypted data packet, or what is inside.</summary>
internal enum Opening
{
    /// <summary>It is open, and whole.</summary>
    Opened,

    /// <summary>It fails a check of its integrity or its form.</summary>
    Damaged,

    /// <summary>It names a cipher, a mode or a compression that is not known here.</summary>
    Unsupported,

    /// <summary>The card's answer is no session key: a hidden recipient is another card.</summary>
    NotTheRecipient,
}
