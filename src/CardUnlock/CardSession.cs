// SPDX-License-Identifier: GPL-3.0-or-later
// One connected card and the message: VERIFY at most once per PIN, DECIPHER, integrity, key. Knows no PC/SC.

using System.Diagnostics.CodeAnalysis;

namespace CardUnlock;

/// <summary>
/// What is known of a card while it stays connected. Owns its card's buffers, borrows transport and message.
/// </summary>
internal sealed partial class CardSession : IDisposable
{
    // Cards wait 10 to 30 s for a touch; no other work takes one that long.
    private static readonly TimeSpan TouchPatience = TimeSpan.FromSeconds(8);

    // Each costs a DECIPHER, of a second on slow cards, and a touch on some.
    private const int MaxNamedShares = LuksToken.MaxCount;
    private const int MaxHiddenShares = 8;

    private readonly OpenPgpCard card;
    private readonly CardData data;
    private readonly TimeProvider clock;
    private (EncryptedKey Message, SessionKeyPacket Packet)[] shares;
    private string? holder;

    private CardSession(OpenPgpCard card, CardData data, IReadOnlyList<EncryptedKey> messages, bool verified, TimeProvider clock)
    {
        this.clock = clock;
        this.card = card;
        this.data = data;

        // Those that name the card's key first, of whichever message; then the hidden ones of all of them.
        (EncryptedKey Message, SessionKeyPacket Packet)[] all =
            [.. messages.SelectMany(message => message.CandidatesFor(data).Select(packet => (message, packet)))];
        shares =
        [
            .. all.Where(static share => !share.Packet.IsAnonymous).Take(MaxNamedShares),
            .. all.Where(static share => share.Packet.IsAnonymous).Take(MaxHiddenShares),
        ];
        TriesLeft = data.Pin.TriesLeft;
        ResetTriesLeft = data.Pin.ResetTriesLeft;
        Verified = verified;
    }

    /// <summary>As the card last said.</summary>
    public int? TriesLeft { get; private set; }

    /// <summary>The resetting code's, as the card last said; 0: none is set, or it is used up.</summary>
    public int ResetTriesLeft { get; private set; }

    /// <summary>DECIPHER is open without a PIN.</summary>
    public bool Verified { get; private set; }

    /// <summary>Connects to the application. Null: the card does not answer as an OpenPGP card.</summary>
    /// <param name="transport">The connected card.</param>
    /// <param name="characterProtocol">T=0.</param>
    /// <param name="messages">What may be decrypted: the first one that is for this card; none: only look.</param>
    /// <param name="askVerified">Ask before SELECT, which may end it, whether the PIN is verified already.</param>
    /// <param name="answerToReset">At most 33 bytes; empty when it is not known.</param>
    /// <param name="clock">Tells how long a touch was waited for.</param>
    /// <exception cref="PcscException">From the transport.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "The session owns the card; without one it is disposed below.")]
    public static CardSession? Open(
        ICardTransport transport,
        bool characterProtocol,
        IReadOnlyList<EncryptedKey> messages,
        bool askVerified,
        ReadOnlySpan<byte> answerToReset = default,
        TimeProvider? clock = null)
    {
        OpenPgpCard? card = null;
        CardSession? session = null;
        try
        {
            bool extended = CardData.HasExtendedLength(CardData.HistoricalBytes(answerToReset));
            card = new OpenPgpCard(transport, characterProtocol, extended);

            // The application must be the one that answered: another one's 9000 would be followed by no card data.
            if (askVerified && card.QueryVerified().IsOk && card.ReadCardData() is CardData still)
            {
                session = new CardSession(card, still, messages, verified: true, clock ?? TimeProvider.System);
            }
            else if (card.Select() is { IsOk: true } or { HasMore: true } && card.ReadCardData() is CardData data)
            {
                session = new CardSession(card, data, messages, verified: false, clock ?? TimeProvider.System);
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

    /// <summary>A message is for this card, as far as is known.</summary>
    public bool MatchesKey => shares.Length > 0;

    /// <summary>The holder's name was asked for.</summary>
    public bool KnowsHolder => holder is not null;

    /// <summary>
    /// Asks the card for its holder's name: one exchange, spent only where there are cards to be told apart.
    /// </summary>
    /// <exception cref="PcscException">From the transport.</exception>
    public void ReadHolder()
    {
        // Asked once, whatever comes of it.
        holder = "";
        holder = card.ReadHolder();
    }

    public CardInfo Describe(string reader) => new(
        reader,
        data.Serial,
        TriesLeft,
        PinStatus.MinLength,
        data.Pin.MaxLength,
        MatchesKey,
        Verified)
    {
        Holder = holder ?? "",
        NeedsTouch = data.NeedsTouch,
        ResetTriesLeft = ResetTriesLeft,
    };

    /// <summary>See <see cref="CardMonitor.Unlock"/>; takes ownership of <paramref name="pin"/>.</summary>
    /// <exception cref="PcscException">From the transport; nothing was repeated.</exception>
    public UnlockResult Unlock(SecretBuffer pin, Action? touchAwaited = null)
    {
        using (pin)
        {
            if (!MatchesKey)
            {
                return new UnlockResult.NoMatchingKey();
            }

            bool trusted = Verified && pin.Length == 0;
            if (!trusted && Verify(pin) is UnlockResult refused)
            {
                return refused;
            }
        }

        return Decipher(touchAwaited);
    }

    /// <summary>Verifies once and decrypts every message that the session was opened with.</summary>
    /// <returns>A result for each in their order, ending at the first that is no <see cref="UnlockResult.Key"/>.</returns>
    /// <exception cref="PcscException">From the transport; nothing was repeated.</exception>
    public IReadOnlyList<UnlockResult> UnlockAll(IReadOnlyList<EncryptedKey> messages, SecretBuffer pin, Action? touchAwaited)
    {
        using (pin)
        {
            if (messages.Any(message => SharesOf(message).Length == 0))
            {
                return [new UnlockResult.NoMatchingKey()];
            }

            if (Verify(pin) is UnlockResult refused)
            {
                return [refused];
            }
        }

        List<UnlockResult> results = [];
        try
        {
            foreach (EncryptedKey message in messages)
            {
                results.Add(Decipher(SharesOf(message), touchAwaited));
                if (results[^1] is not UnlockResult.Key)
                {
                    break;
                }
            }
        }
        catch (PcscException)
        {
            results.OfType<UnlockResult.Key>().ToList().ForEach(static key => key.Secret.Dispose());
            throw;
        }

        return results;
    }

    /// <summary>See <see cref="CardMonitor.CoverTraces"/>.</summary>
    /// <exception cref="PcscException">From the transport.</exception>
    public void CoverTraces() => card.AskForLongAnswer();

    public void Dispose() => card.Dispose();

    private (EncryptedKey Message, SessionKeyPacket Packet)[] SharesOf(EncryptedKey message) =>
        [.. shares.Where(share => share.Message == message)];

    private UnlockResult Decipher(Action? touchAwaited)
    {
        UnlockResult result = Decipher(shares, touchAwaited);

        // Hidden recipients, and all of them others: another card may be the one.
        shares = result is UnlockResult.NoMatchingKey ? [] : shares;
        return result;
    }

    private UnlockResult Decipher((EncryptedKey Message, SessionKeyPacket Packet)[] candidates, Action? touchAwaited)
    {
        UnlockResult result = new UnlockResult.NoMatchingKey();
        foreach ((EncryptedKey message, SessionKeyPacket packet) in candidates)
        {
            // A message for this very card is the answer, good or bad: hidden ones are tried where there is none.
            if (packet.IsAnonymous && result is (UnlockResult.DamagedMessage or UnlockResult.UnsupportedMessage))
            {
                return result;
            }

            // Another message may be sound where this one is not; hidden ones are tried in turn while the card still listens.
            result = DecipherOne(message, packet, touchAwaited);
            bool goesOn = result is UnlockResult.NoMatchingKey or UnlockResult.DamagedMessage or UnlockResult.UnsupportedMessage
                || (packet.IsAnonymous && result is UnlockResult.CardError);
            if (!goesOn)
            {
                return result;
            }
        }

        return result;
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The result owns the key.")]
    private UnlockResult DecipherOne(EncryptedKey message, SessionKeyPacket packet, Action? touchAwaited)
    {
        byte[] cryptogram = packet.Cryptogram(data);
        if (data.NeedsTouch)
        {
            touchAwaited?.Invoke();
        }

        long asked = clock.GetTimestamp();
        try
        {
            ResponseApdu response = card.Decipher(cryptogram);
            if (!response.Status.IsOk)
            {
                return NotDeciphered(response.Status, clock.GetElapsedTime(asked));
            }

            // The message may still want the public key from the card, whose answer would take this one's place.
            using SecretBuffer answer = SecretBuffer.Allocate(Math.Max(response.Data.Length, 1));
            answer.TryAppend(response.Data);
            SecretBuffer? key = message.Open(packet, data, answer.Span, out Opening opening);
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

    // A missed touch leaves the PIN verified. A PIN that is wanted once more was lost to a reset on the way: the person is
    // asked again, never the card.
    private UnlockResult NotDeciphered(StatusWord status, TimeSpan waited)
    {
        if (status.IsTouchMissed || (data.NeedsTouch && waited >= TouchPatience))
        {
            Verified = !status.IsSecurityStatus || card.QueryVerified().IsOk;

            // The right PIN has set the counter back.
            TriesLeft = Verified ? TriesLeft : card.ReadPinStatus().TriesLeft ?? TriesLeft;
            return new UnlockResult.TouchMissed();
        }

        Verified &= !status.IsSecurityStatus;
        return Verified ? new UnlockResult.CardError(status.Value) : new UnlockResult.CardRemoved();
    }
}
