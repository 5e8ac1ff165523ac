// SPDX-License-Identifier: GPL-3.0-or-later
// What a person's PIN is used for: only the card that they saw, as they saw it, and with no other program in between.

using CardUnlock.Native;

namespace CardUnlock;

internal sealed partial class ReaderWatch
{
    private const uint RemovalMilliseconds = 1500;

    /// <summary>
    /// Has <paramref name="work"/> done with the card that the person saw, if that one is at hand as it was shown, while no
    /// other program gets at it. See <see cref="CardMonitor.Unlock"/>.
    /// </summary>
    public UnlockResult Use(CardInfo shown, Func<CardSession, UnlockResult> work)
    {
        if (chosen is not { Session: not null, Card: not null } slot || !IsShown(slot, shown))
        {
            return new UnlockResult.CardRemoved();
        }

        try
        {
            return BeginOrReconnect(slot, shown) ? UseInTransaction(slot, work) : new UnlockResult.CardRemoved();
        }
        catch (PcscException e)
        {
            bool removed = e.IsCardGone || (e.MayBeRemoval && IsLeaving(slot));
            slot.Forget();
            return removed ? new UnlockResult.CardRemoved() : new UnlockResult.ReaderError(e.Message);
        }
    }

    /// <summary>See <see cref="CardMonitor.CoverTraces"/>.</summary>
    public void CoverTraces()
    {
        try
        {
            chosen?.Session?.CoverTraces();
        }
        catch (PcscException)
        {
            // The card or its service left: the next look says so.
        }
    }

    // A PIN is for the card that the person saw, and for the risk they saw: it must not cost another card's try, nor a
    // last one unawares.
    private static bool IsShown(ReaderSlot slot, CardInfo shown) =>
        slot.Status is CardStatus.Ready { Card: CardInfo card }
        && (card.Reader, card.Serial, card.TriesLeft, card.ResetTriesLeft)
            == (shown.Reader, shown.Serial, shown.TriesLeft, shown.ResetTriesLeft);

    // Another client's reset before any command of ours: start again at SELECT, if it is the same card still. Nothing
    // was sent.
    private bool BeginOrReconnect(ReaderSlot slot, CardInfo shown)
    {
        try
        {
            slot.Card!.BeginTransaction();
            return true;
        }
        catch (PcscException e) when (e.Code == PcscLite.SCARD_W_RESET_CARD)
        {
            slot.Release();
            slot.Status = Connect(slot);
            if (!IsShown(slot, shown))
            {
                slot.Forget();
                return false;
            }

            slot.Card!.BeginTransaction();
            return true;
        }
    }

    private static UnlockResult UseInTransaction(ReaderSlot slot, Func<CardSession, UnlockResult> work)
    {
        CardSession session = slot.Session!;
        PcscCard card = slot.Card!;
        bool lost, isUnclear;
        UnlockResult result;
        try
        {
            result = work(session);
            slot.Status = new CardStatus.Ready(session.Describe(slot.Reader));
            lost = result is UnlockResult.CardRemoved;
            isUnclear = result is UnlockResult.ReaderError;
        }
        finally
        {
            card.EndTransaction();
        }

        // The card is there and not verified, though it was or had just taken the PIN: it is selected anew, and not asked
        // again whether it is verified.
        if (lost)
        {
            slot.Forget();
            slot.DoubtVerified = true;
        }
        else if (isUnclear)
        {
            // What the card said of itself makes no sense: it may have been disturbed, and nobody can pull it out of a closed phone.
            slot.Forget();
        }

        return result;
    }

    // A card pulled during a command shows first as a failed transfer: the reader tells of the removal a moment later.
    private bool IsLeaving(ReaderSlot slot)
    {
        uint[] now = new uint[1];
        uint code = context!.WaitChange(RemovalMilliseconds, [slot.Reader], [slot.State], now);
        return code == PcscLite.SCARD_E_UNKNOWN_READER
            || (code == PcscLite.SCARD_S_SUCCESS && (now[0] & PcscLite.SCARD_STATE_PRESENT) == 0);
    }
}
