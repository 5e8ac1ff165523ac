// SPDX-License-Identifier: GPL-3.0-or-later
// The readers of one card service connection: which hold cards, which card is the one, and the connection to it.

using CardUnlock.Native;

namespace CardUnlock;

/// <summary>
/// Turns PC/SC's reader states into one <see cref="CardStatus"/>; keeps the chosen card connected, so that it stays
/// powered.
/// </summary>
internal sealed partial class ReaderWatch(IReadOnlyList<EncryptedKey> messages, object gate) : IDisposable
{
    private const string PlugAndPlay = @"\\?PnP?\Notification";

    // pcsclite up to 1.9 cannot say that a reader came between its list and the wait; without a card the list is read
    // again.
    private const int RelistMilliseconds = 60_000;

    // pcscd tells of an exclusive hold late and can miss its end: while another program holds the card, look again.
    private const int HeldMilliseconds = 1000;

    // A card that could not be read may only have been disturbed, and nobody can pull it out of a closed phone.
    private const int UnusableMilliseconds = 5000;

    // No service tells of its own return.
    private const int ServiceMilliseconds = 1000;

    private const int MaxLooks = 8;

    private readonly List<ReaderSlot> slots = [];
    private uint plugAndPlayState;
    private ReaderSlot? chosen;

    // Both or none: without a service there is neither.
    private PcscContext? context;
    private ChangeWaiter? waiter;

    /// <summary>Looks at every reader, connects to cards that are new; never waits for events.</summary>
    public CardStatus Observe()
    {
        try
        {
            context ??= PcscContext.Establish();
            waiter ??= new ChangeWaiter(gate);
            Refresh();
            TellApart();
            return Choose();
        }
        catch (PcscException e)
        {
            Drop();
            return new CardStatus.ServiceMissing(e.Message);
        }
    }

    /// <summary>
    /// Nothing has come, gone or changed hands since the last look. To be read with the gate held, which is pulsed when it ends.
    /// </summary>
    public bool IsWaiting => waiter is null || (waiter.IsWaiting && slots.TrueForAll(static slot => slot.Status is not null));

    /// <summary>Has changes watched from what was last seen.</summary>
    /// <returns>When to look again where nothing changes, in milliseconds; -1: never.</returns>
    public int BeginWait()
    {
        waiter?.Begin(Watched(), [.. slots.Select(static slot => slot.State), plugAndPlayState]);
        return waiter is null ? ServiceMilliseconds
            : chosen?.Status is CardStatus.Ready ? Timeout.Infinite
            : slots.Exists(static slot => slot.Status is CardStatus.Busy) ? HeldMilliseconds
            : slots.Exists(static slot => slot.Status is CardStatus.Unusable) ? UnusableMilliseconds
            : RelistMilliseconds;
    }

    /// <summary>The look that follows takes nothing for granted that has changed or was only to be true for a time.</summary>
    /// <param name="isTime">It is time to look again.</param>
    public void EndWait(bool isTime)
    {
        if (waiter is { IsLost: true })
        {
            Drop();
        }
        else if (isTime)
        {
            slots.FindAll(static slot => slot.Status is CardStatus.Busy or CardStatus.Unusable).ForEach(static slot => slot.Forget());
        }
    }

    /// <summary>Lets go of the service and all that came through it; the next look connects anew.</summary>
    public void Drop()
    {
        foreach (ReaderSlot slot in slots)
        {
            slot.Forget();
        }

        slots.Clear();
        chosen = null;
        waiter?.Dispose();
        waiter = null;
        context?.Dispose();
        context = null;
    }

    public void Dispose() => Drop();

    // The service is there; a reader that it does not know any more is missing from its next list.
    private static bool IsAnswer(uint code) =>
        code is PcscLite.SCARD_S_SUCCESS or PcscLite.SCARD_E_TIMEOUT or PcscLite.SCARD_E_UNKNOWN_READER;

    private void Refresh()
    {
        List<string> readers = context!.Readers();
        foreach (ReaderSlot gone in slots.FindAll(slot => !readers.Contains(slot.Reader)))
        {
            gone.Forget();
            slots.Remove(gone);
        }

        foreach (string reader in readers)
        {
            if (!slots.Exists(slot => slot.Reader == reader))
            {
                slots.Add(new ReaderSlot(reader));
            }
        }

        // Connecting takes time and changes the sharing state: a card may have come, left or changed hands meanwhile.
        ReadStates();
        for (int look = 0; look < MaxLooks && slots.Exists(static slot => slot.Status is null); look++)
        {
            foreach (ReaderSlot slot in slots.Where(static slot => slot.Status is null))
            {
                slot.Status = Look(slot);
            }

            ReadStates();
        }
    }

    // More names than pcsclite has readers are refused; when all of those are there, no other can come.
    private string[] Watched() =>
        [.. slots.Select(static slot => slot.Reader).Append(PlugAndPlay).Take(PcscLite.PCSCLITE_MAX_READERS_CONTEXTS)];

    private void ReadStates()
    {
        string[] names = Watched();
        uint[] now = new uint[names.Length];
        uint code = context!.WaitChange(0, names, new uint[names.Length], now);
        if (code == PcscLite.SCARD_E_UNKNOWN_READER)
        {
            // It tells of none then; the next list is without the one that went.
            return;
        }

        if (!IsAnswer(code))
        {
            throw new PcscException("SCardGetStatusChange", "", code);
        }

        for (int i = 0; i < slots.Count; i++)
        {
            slots[i].Update(now[i] & ~PcscLite.SCARD_STATE_CHANGED);
        }

        plugAndPlayState = names.Length > slots.Count ? now[^1] & ~PcscLite.SCARD_STATE_CHANGED : plugAndPlayState;
    }

    private CardStatus Look(ReaderSlot slot)
    {
        if ((slot.State & PcscLite.SCARD_STATE_PRESENT) == 0)
        {
            return new CardStatus.NoCard(slot.Reader);
        }

        if ((slot.State & PcscLite.SCARD_STATE_MUTE) != 0)
        {
            return new CardStatus.Unusable(slot.Reader, "The card does not answer.");
        }

        try
        {
            return Connect(slot);
        }
        catch (PcscException e) when (!e.IsServiceGone)
        {
            slot.Release();
            return e.Code switch
            {
                PcscLite.SCARD_E_SHARING_VIOLATION => new CardStatus.Busy(slot.Reader),
                PcscLite.SCARD_E_NO_SMARTCARD or PcscLite.SCARD_W_REMOVED_CARD => new CardStatus.NoCard(slot.Reader),
                _ => new CardStatus.Unusable(slot.Reader, e.Message),
            };
        }
    }

    private CardStatus Connect(ReaderSlot slot)
    {
        slot.Card = context!.Connect(slot.Reader);
        slot.Card.BeginTransaction();
        try
        {
            slot.Session = CardSession.Open(
                slot.Card, slot.Card.IsCharacterProtocol, messages, askVerified: !slot.DoubtVerified, slot.Card.AnswerToReset());
        }
        finally
        {
            slot.Card.EndTransaction();
        }

        if (slot.Session is CardSession session)
        {
            return new CardStatus.Ready(session.Describe(slot.Reader));
        }

        slot.Release();
        return new CardStatus.Unusable(slot.Reader, "The card does not answer as an OpenPGP card.");
    }

    // A name costs an exchange. The one card that is for the message needs none; any other does, and any of several.
    private void TellApart()
    {
        List<ReaderSlot> cards = slots.FindAll(static slot => slot.Session is not null);
        bool several = cards.Count > 1;
        foreach (ReaderSlot slot in cards.Where(slot => !slot.Session!.KnowsHolder && (several || !slot.Session.MatchesKey)))
        {
            try
            {
                slot.Card!.BeginTransaction();
                slot.Session!.ReadHolder();
                slot.Card.EndTransaction();
                slot.Status = new CardStatus.Ready(slot.Session.Describe(slot.Reader));
            }
            catch (PcscException e) when (e.IsCardGone)
            {
                slot.Forget();
            }
            catch (PcscException e) when (!e.IsServiceGone)
            {
                // A card without a name.
                slot.Card!.EndTransaction();
            }
        }
    }

    // A second card that is as good does not replace the one that the person sees.
    private CardStatus Choose()
    {
        chosen = slots.MinBy(slot => (Rank(slot.Status), slot == chosen ? 0 : 1));
        return chosen is null ? new CardStatus.NoReader() : chosen.Status ?? new CardStatus.NoCard(chosen.Reader);
    }

    private static int Rank(CardStatus? status) => status switch
    {
        CardStatus.Ready { Card: { MatchesKey: true, AlreadyVerified: true, TriesLeft: not 0 } } => 0,
        CardStatus.Ready { Card: { MatchesKey: true, TriesLeft: not 0 } } => 1,
        CardStatus.Ready { Card.MatchesKey: true } => 2,
        CardStatus.Ready => 3,
        CardStatus.Busy => 4,
        CardStatus.Unusable => 5,
        _ => 6,
    };
}
