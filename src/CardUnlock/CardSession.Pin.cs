// SPDX-License-Identifier: GPL-3.0-or-later
// VERIFY and RESET RETRY COUNTER (OpenPGP card 3.4 sections 7.2.2 and 7.2.4): each sent once for what a person entered, whatever
// the card answers. Lengths are checked here first, for some cards count what is too short.

namespace CardUnlock;

internal sealed partial class CardSession
{
    /// <summary>See <see cref="CardMonitor.Unblock"/>; takes ownership of both.</summary>
    /// <exception cref="PcscException">From the transport; nothing was repeated.</exception>
    public UnlockResult Unblock(SecretBuffer resetCode, SecretBuffer newPin, Action? touchAwaited = null)
    {
        using (resetCode)
        using (newPin)
        {
            if (!MatchesKey)
            {
                return new UnlockResult.NoMatchingKey();
            }

            if (ResetTriesLeft == 0 || resetCode.Length < PinStatus.MinResetLength || resetCode.Length > data.Pin.MaxResetLength)
            {
                return new UnlockResult.WrongResetCode(ResetTriesLeft);
            }

            if (!IsPossiblePin(newPin))
            {
                return new UnlockResult.WrongPin(TriesLeft);
            }

            using SecretBuffer? hashedPin = data.Derivation?.Derive(newPin.Span);
            using SecretBuffer? hashedCode = data.Derivation?.DeriveResetCode(resetCode.Span);
            if (data.Derivation is not null && (hashedPin is null || hashedCode is null))
            {
                return UnknownHash();
            }

            if (hashedPin is not null)
            {
                newPin.Clear();
                resetCode.Clear();
            }

            UnlockResult? refused = Reset(hashedCode ?? resetCode, hashedPin ?? newPin) ?? SendPin(hashedPin ?? newPin);
            if (refused is not null)
            {
                return refused;
            }
        }

        return Decipher(touchAwaited);
    }

    private static UnlockResult.ReaderError UnknownHash() => new("The card asks for a PIN hash that is not known.");

    private bool IsPossiblePin(SecretBuffer pin) => pin.Length >= PinStatus.MinLength && pin.Length <= data.Pin.MaxLength;

    // Null: the card took the PIN.
    private UnlockResult? Verify(SecretBuffer pin)
    {
        if (TriesLeft == 0)
        {
            return new UnlockResult.PinBlocked();
        }

        // Given for a card that was verified, which this one is not, or no longer.
        if (pin.Length == 0)
        {
            return new UnlockResult.CardRemoved();
        }

        if (!IsPossiblePin(pin))
        {
            return new UnlockResult.WrongPin(TriesLeft);
        }

        using SecretBuffer? derived = data.Derivation?.Derive(pin.Span);
        if (data.Derivation is not null && derived is null)
        {
            return UnknownHash();
        }

        if (derived is not null)
        {
            pin.Clear();
        }

        return SelectAgain() ?? SendPin(derived ?? pin);
    }

    // The application may have lost its selection to another client; nothing may stand between VERIFY and DECIPHER.
    private UnlockResult.CardError? SelectAgain()
    {
        StatusWord selected = card.Select();
        return selected.IsOk || selected.HasMore ? null : new UnlockResult.CardError(selected.Value);
    }

    // Empties the buffer: while the card works, which may take it long, the PIN is in the command alone.
    private UnlockResult? SendPin(SecretBuffer pin)
    {
        Verified = false;
        StatusWord status = card.Verify(pin);
        Verified = status.IsOk;
        return status.IsOk ? null : Refused(status);
    }

    // Whatever the word is, a try may be gone: the person must not be shown one that is not there.
    private UnlockResult Refused(StatusWord status)
    {
        TriesLeft = status.IsBlocked ? 0 : status.TriesLeft ?? card.ReadPinStatus().TriesLeft ?? OneLess(TriesLeft);
        return TriesLeft == 0 ? new UnlockResult.PinBlocked()
            : IsRefusal(status) ? new UnlockResult.WrongPin(TriesLeft)
            : new UnlockResult.CardError(status.Value);
    }

    // Where the counter cannot be read: the worst that can be, short of blocked, which only a card says.
    private static int? OneLess(int? tries) => tries is int left ? Math.Max(left - 1, 1) : null;

    // Null: the card took the code, and the new PIN with it. Empties the code's buffer; the PIN is still to be verified.
    private UnlockResult? Reset(SecretBuffer code, SecretBuffer pin)
    {
        using SecretBuffer both = SecretBuffer.Allocate(code.Length + pin.Length);
        both.TryAppend(code.Span);
        both.TryAppend(pin.Span);
        code.Clear();
        if (SelectAgain() is UnlockResult failed)
        {
            return failed;
        }

        StatusWord status = card.ResetRetryCounter(both);
        PinStatus now = card.ReadPinStatus();
        bool isKnown = now.TriesLeft is not null;
        TriesLeft = isKnown || status.IsOk ? now.TriesLeft : TriesLeft;
        ResetTriesLeft = status.IsBlocked ? 0
            : isKnown ? now.ResetTriesLeft
            : status.TriesLeft ?? OneLess(ResetTriesLeft) ?? 0;
        return status.IsOk ? null
            : IsRefusal(status) ? new UnlockResult.WrongResetCode(ResetTriesLeft)
            : new UnlockResult.CardError(status.Value);
    }

    private static bool IsRefusal(StatusWord status) =>
        status.IsSecurityStatus || status.IsBlocked || status.IsRefusedForm || status.TriesLeft is not null;
}
