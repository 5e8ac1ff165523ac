// SPDX-License-Identifier: GPL-3.0-or-later
// Watches readers and cards through pcscd and unlocks with the one whose key matches. One thread uses it and sleeps in Wait; any
// thread may interrupt. While a card is ready nothing wakes it but an event.

using CardUnlock.Native;

namespace CardUnlock;

/// <summary>The card thread's view of the card service. Not thread safe but for <see cref="Interrupt"/>.</summary>
public sealed class CardMonitor : IDisposable
{
    private readonly object gate = new();
    private readonly ReaderWatch watch;
    private bool interruptAsked;
    private CardStatus? last;

    /// <summary>
    /// A monitor for the cards that any of <paramref name="messages"/> is encrypted to; none: only look.
    /// </summary>
    public CardMonitor(params IReadOnlyList<EncryptedKey> messages) => watch = new ReaderWatch(messages, gate);

    /// <summary>Why no card can ever be used on this system, or null: the PC/SC library cannot be loaded.</summary>
    public static string? MissingLibrary =>
        PcscContext.LibraryIsThere ? null : $"the PC/SC library {PcscLite.Library} cannot be loaded";

    /// <summary>
    /// Blocks until the status differs from the one last returned, or until <see cref="Interrupt"/>. The first call, and
    /// the first one after <see cref="Unlock"/>, returns at once.
    /// </summary>
    public CardStatus Wait()
    {
        while (true)
        {
            CardStatus status = watch.Observe();
            if (TakeInterrupt() || status != last)
            {
                last = status;
                return status;
            }

            // Nothing has changed about this card: what it is wanted for begins with asking it.
            if (Sleep() && status is CardStatus.Ready && TakeInterrupt())
            {
                return status;
            }
        }
    }

    /// <summary>
    /// From any thread: makes a <see cref="Wait"/> in progress, or else the next one, return the status as it is. Waits for
    /// nobody.
    /// </summary>
    public void Interrupt()
    {
        lock (gate)
        {
            interruptAsked = true;
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>
    /// Verifies <paramref name="pin"/> once and decrypts the message. An empty PIN: the card says that it is verified
    /// already. Never repeats anything; whatever follows, the next <see cref="Wait"/> returns at once, with the tries
    /// left.
    /// </summary>
    /// <param name="pin">Ownership passes: it is zeroed before the card decrypts.</param>
    /// <param name="shown">The card that the person saw. Where another reader, card or number of tries left is at hand,
    /// nothing is sent: <see cref="UnlockResult.CardRemoved"/>.</param>
    /// <param name="touchAwaited">Called once the PIN is right and before a card that wants a touch is asked to decrypt, on
    /// this thread: up to 30 s may pass then.</param>
    public UnlockResult Unlock(SecretBuffer pin, CardInfo shown, Action? touchAwaited = null)
    {
        last = null;
        using (pin)
        {
            return watch.Use(shown, session => session.Unlock(pin, touchAwaited));
        }
    }

    /// <summary>
    /// Has the card take a new PIN by its resetting code, once, and goes on like <see cref="Unlock"/> with that PIN. Where
    /// <see cref="CardInfo.ResetTriesLeft"/> is 0 or a length is impossible, nothing is sent.
    /// </summary>
    /// <param name="resetCode">8 bytes or more. Ownership passes: it is zeroed before the card decrypts.</param>
    /// <param name="newPin"><see cref="CardInfo.MinPinLength"/> to <see cref="CardInfo.MaxPinLength"/> bytes; another length is
    /// a <see cref="UnlockResult.WrongPin"/>. Ownership passes, as the code's.</param>
    /// <param name="shown">The card that the person saw, as for <see cref="Unlock"/>.</param>
    /// <param name="touchAwaited">As for <see cref="Unlock"/>.</param>
    /// <returns><see cref="UnlockResult.WrongResetCode"/> when the card refuses the code; else what Unlock comes
    /// to.</returns>
    public UnlockResult Unblock(SecretBuffer resetCode, SecretBuffer newPin, CardInfo shown, Action? touchAwaited = null)
    {
        last = null;
        using (resetCode)
        using (newPin)
        {
            return watch.Use(shown, session => session.Unblock(resetCode, newPin, touchAwaited));
        }
    }

    /// <summary>
    /// Asks the card that had a PIN or deciphered for something public and longer: what the card service and the kernel keep of an
    /// answer lies where the next one goes, with T=1 a PIN that was wrong lies there too, and as soon as we disconnect they give that
    /// memory back as it is. It also ends a chain that the card still waits for. Best once the key is on its way.
    /// </summary>
    public void CoverTraces() => watch.CoverTraces();

    /// <summary>
    /// Resets every card and switches it off, so that none stays verified. Readers in use by others are left alone.
    /// </summary>
    public static void PowerDown()
    {
        try
        {
            using PcscContext context = PcscContext.Establish();
            foreach (string reader in context.Readers())
            {
                PowerDown(context, reader);
            }
        }
        catch (PcscException)
        {
            // Without a service no card is powered.
        }
    }

    /// <summary>Leaves the cards connected to nobody, powered and verified as they are.</summary>
    public void Dispose() => watch.Dispose();

    private static void PowerDown(PcscContext context, string reader)
    {
        try
        {
            using PcscCard card = context.Connect(reader);
            card.PowerDown();
        }
        catch (PcscException)
        {
            // An empty reader, or one that another program holds.
        }
    }

    private bool TakeInterrupt()
    {
        lock (gate)
        {
            bool interrupted = interruptAsked;
            interruptAsked = false;
            return interrupted;
        }
    }

    // True: interrupted, and nothing has changed.
    private bool Sleep()
    {
        int timeout = watch.BeginWait();
        bool isTime = false;
        bool interrupted;
        lock (gate)
        {
            while (watch.IsWaiting && !interruptAsked && !isTime)
            {
                isTime = !Monitor.Wait(gate, timeout);
            }

            interrupted = interruptAsked && watch.IsWaiting;
        }

        watch.EndWait(isTime);
        return interrupted;
    }
}
