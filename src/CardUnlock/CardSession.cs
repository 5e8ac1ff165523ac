// SPDX-License-Identifier: GPL-3.0-or-later
// One connected card and the message: VERIFY at most once per PIN, DECIPHER, integrity, key. Knows no PC/SC.

using System.Diagnostics.CodeAnalysis;

namespace CardUnlock;

/// <summary>
/// What is known of a card while it stays connected. Owns its card's buffers, borrows transport and message.
/// </summary>
internal sealed class CardSession : IDisposable
{
    private readonly OpenPgpCard card;
    private readonly EncryptedKey? message;
    private readonly CardData data;

    private CardSession(OpenPgpCard card, CardData data, IReadOnlyList<EncryptedKey> messages, bool verified)
    {
        this.card = card;
        this.data = data;
        message = messages.FirstOrDefault(candidate => candidate.IsFor(data));
        TriesLeft = data.Pin.TriesLeft;
        Verified = verified;
    }

    /// <summary>As the card last said.</summary>
    public int? TriesLeft { get; private set; }

    /// <summary>DECIPHER is open without a PIN.</summary>
    public bool Verified { get; private set; }

    /// <summary>Connects to the application. Null: the card does not answer as an OpenPGP card.</summary>
    /// <param name="transport">The connected card.</param>
    /// <param name="characterProtocol">T=0.</param>
    /// <param name="messages">What may be decrypted: the first one that is for this card; none: only look.</param>
    /// <param name="askVerified">Ask before SELECT, which may end it, whether the PIN is verified already.</param>
    /// <exception cref="PcscException">From the transport.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "The session owns the card; without one it is disposed below.")]
    public static CardSession? Open(ICardTransport transport, bool characterProtocol, IReadOnlyList<EncryptedKey> messages, bool askVerified)
    {
        OpenPgpCard? card = null;
        CardSession? session = null;
        try
        {
            card = new OpenPgpCard(transport, characterProtocol);
            // The application must be the one that answered: another one's 9000 would be followed by no card data.
            if (askVerified && card.QueryVerified().IsOk && card.ReadCardData() is CardData still)
            {
                session = new CardSession(card, still, messages, verified: true);
            }
            else if (card.Select() is { IsOk: true } or { HasMore: true } && card.ReadCardData() is CardData data)
            {
                session = new CardSession(card, data, messages, verified: false);
            }

            return session;
        }
        finally
        {
            if (session is null)
            {
                card?.Dispose();
            }
        }
    }

    public CardInfo Describe(string reader) => new(
        reader,
        data.Serial,
        TriesLeft,
        PinStatus.MinLength,
        data.Pin.MaxLength,
        message is not null,
        Verified);

    /// <summary>See <see cref="CardMonitor.Unlock"/>; takes ownership of <paramref name="pin"/>.</summary>
    /// <exception cref="PcscException">From the transport; nothing was repeated.</exception>
    public UnlockResult Unlock(SecretBuffer pin, Action? touchAwaited = null)
    {
        bool trusted;
        using (pin)
        {
            if (message is null)
            {
                return new UnlockResult.NoMatchingKey();
            }

            trusted = Verified && pin.Length == 0;
            if (!trusted && Verify(pin) is UnlockResult refused)
            {
                return refused;
            }
        }

        // The card wants a PIN although it said that it was verified: ask for one. After a VERIFY that is an error.
        UnlockResult result = Decipher(message);
        return trusted && !Verified && result is UnlockResult.CardError ? new UnlockResult.CardRemoved() : result;
    }

    public void Dispose() => card.Dispose();

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

        // Some cards count a PIN that is too short, so it never reaches them.
        if (pin.Length < PinStatus.MinLength || pin.Length > data.Pin.MaxLength)
        {
            return new UnlockResult.WrongPin(TriesLeft);
        }

        using SecretBuffer? derived = data.Derivation?.Derive(pin.Span);
        if (data.Derivation is not null && derived is null)
        {
            return new UnlockResult.ReaderError("The card asks for a PIN hash that is not known.");
        }

        // The application may have lost its selection to another client; nothing may stand between VERIFY and DECIPHER.
        StatusWord selected = card.Select();
        if (!selected.IsOk && !selected.HasMore)
        {
            return new UnlockResult.CardError(selected.Value);
        }

        Verified = false;
        StatusWord status = card.Verify((derived ?? pin).Span);
        Verified = status.IsOk;
        return status.IsOk ? null : Refused(status);
    }

    private UnlockResult Refused(StatusWord status)
    {
        if (!status.IsSecurityStatus && !status.IsBlocked && !status.IsRefusedForm && status.TriesLeft is null)
        {
            return new UnlockResult.CardError(status.Value);
        }

        TriesLeft = status.IsBlocked ? 0 : status.TriesLeft ?? card.ReadPinStatus().TriesLeft;
        return TriesLeft == 0 ? new UnlockResult.PinBlocked() : new UnlockResult.WrongPin(TriesLeft);
    }

    private UnlockResult Decipher(EncryptedKey message)
    {
        UnlockResult result = new UnlockResult.NoMatchingKey();
        foreach (SessionKeyPacket packet in message.CandidatesFor(data))
        {
            result = DecipherOne(message, packet);

            // A named recipient is the answer, good or bad; hidden ones are tried in turn until one is the card's.
            if (!packet.IsAnonymous || !Verified || result is not (UnlockResult.NoMatchingKey or UnlockResult.CardError))
            {
                return result;
            }
        }

        return result;
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The result owns the key.")]
    private UnlockResult DecipherOne(EncryptedKey message, SessionKeyPacket packet)
    {
        try
        {
            ResponseApdu response = card.Decipher(packet.Cryptogram(data));
            if (!response.Status.IsOk)
            {
                Verified &= !response.Status.IsSecurityStatus;
                return new UnlockResult.CardError(response.Status.Value);
            }

            SecretBuffer? key = message.Open(packet, data, response.Data, out Opening opening);
            return key is null ? NotOpened(opening, packet) : new UnlockResult.Key(key);
        }
        finally
        {
            card.Forget();
        }
    }

    private static UnlockResult NotOpened(Opening opening, SessionKeyPacket packet) => opening switch
    {
        Opening.Unsupported => new UnlockResult.UnsupportedMessage(),
        Opening.NotTheRecipient when packet.IsAnonymous => new UnlockResult.NoMatchingKey(),
        _ => new UnlockResult.DamagedMessage(),
    };
}
