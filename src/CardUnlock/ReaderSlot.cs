// SPDX-License-Identifier: GPL-3.0-or-later
// One reader as PC/SC names it, and what is known of the card in it. Owns the connection to that card.

using CardUnlock.Native;

namespace CardUnlock;

/// <summary>
/// One reader: its state as PC/SC gives it (event counter in the upper 16 bits), and the card in it.
/// </summary>
internal sealed class ReaderSlot(string reader)
{
    // In-use flags come and go with our own connection; another program's exclusive hold is what matters.
    private const uint Meaningful =
        0xFFFF0000 | PcscLite.SCARD_STATE_PRESENT | PcscLite.SCARD_STATE_EMPTY
        | PcscLite.SCARD_STATE_MUTE | PcscLite.SCARD_STATE_EXCLUSIVE;

    public string Reader { get; } = reader;

    public uint State { get; private set; }

    /// <summary>Null: to be looked at.</summary>
    public CardStatus? Status { get; set; }

    public PcscCard? Card { get; set; }

    public CardSession? Session { get; set; }

    /// <summary>The card said that it was verified, and then refused: do not ask it that again.</summary>
    public bool DoubtVerified { get; set; }

    public void Update(uint state)
    {
        if ((state & Meaningful) != (State & Meaningful))
        {
            Forget();
            DoubtVerified = false;
        }

        State = state;
    }

    /// <summary>Lets go of the card and of what was known of it.</summary>
    public void Forget()
    {
        Release();
        Status = null;
    }

    public void Release()
    {
        Session?.Dispose();
        Session = null;
        Card?.Dispose();
        Card = null;
    }
}
