// SPDX-License-Identifier: GPL-3.0-or-later
// Cards on the booted system, for the person who looks after them: what is there, a trial decryption, new codes.

using CardUnlock.Native;

namespace CardUnlock;

/// <summary>
/// One connection to pcscd. Every call connects to one card and does one thing; a card that was sent a code is reset and switched off
/// afterwards, before any other program gets at it. Not thread safe.
/// </summary>
public sealed partial class CardDesk : IDisposable
{
    private const string NotOpenPgp = "Not an OpenPGP card, or its OpenPGP application cannot be read.";
    private const string Mute = "The card does not answer. Take it out and put it in again, contacts first.";
    private const uint RemovalMilliseconds = 1500;
    private const int MaxConnects = 3;

    private readonly PcscContext context;

    private CardDesk(PcscContext context) => this.context = context;

    /// <summary>Connects to pcscd.</summary>
    /// <exception cref="PcscException">It does not run, or the library is missing; <see cref="PcscException.Advice"/> says what to
    /// do.</exception>
    public static CardDesk Open() => new(PcscContext.Establish());

    /// <summary>The readers that pcscd knows, by name.</summary>
    /// <exception cref="PcscException">pcscd went away.</exception>
    public IReadOnlyList<string> Readers() => context.Readers();

    /// <summary>One report for each reader that holds a card; no PIN is sent.</summary>
    /// <exception cref="PcscException">pcscd went away.</exception>
    public IReadOnlyList<CardReport> Look()
    {
        Settle();
        seen = ReadStates();
        List<CardReport> reports = [];
        foreach ((string reader, uint state) in seen.Where(static slot => (slot.State & PcscLite.SCARD_STATE_PRESENT) != 0))
        {
            CardReport? report = (state & PcscLite.SCARD_STATE_MUTE) != 0 ? new CardReport(reader, Mute) : Report(reader);
            if (report is not null)
            {
                reports.Add(report);
            }
        }

        return reports;
    }

    /// <summary>
    /// The card's decryption key as somebody to encrypt to: GET PUBLIC KEY (7.2.14), checked against the fingerprint and the
    /// creation time that the card holds (C5, CD).
    /// </summary>
    /// <param name="shown">The card that the person saw; another one in its place is nobody to encrypt to.</param>
    /// <param name="fault">None, or why the result is null.</param>
    /// <returns>Null: the card holds no decryption key, or one that does not fit its fingerprint, or is another one.</returns>
    /// <exception cref="PcscException">The card or pcscd went away, or another program holds the card.</exception>
    public Recipient? ReadRecipient(CardReport shown, out RecipientFault fault)
    {
        using PcscCard connection = Connect(shown.Reader);
        try
        {
            using var card = new OpenPgpCard(connection, connection.IsCharacterProtocol, ExtendedLength(connection));
            if (!IsSelected(card) || card.ReadCardData() is not { DecipherFingerprint.Length: > 0 } data
                || card.ReadDecipherKey() is not { Length: > 0 } key)
            {
                fault = RecipientFault.NoKeyOnCard;
                return null;
            }

            fault = RecipientFault.AnotherCard;
            if (data.Serial != shown.Serial || !data.DecipherFingerprint.SequenceEqual(shown.Fingerprint))
            {
                return null;
            }

            byte[] created = card.ReadCreationTime();
            fault = RecipientFault.FingerprintDiffers;
            return created.Length > 0 && CardKey.Find(data, key, created, out fault) is EncryptionKey found
                ? new Recipient(found, PublicKeyFile.NameOf(System.Text.Encoding.UTF8.GetBytes(card.ReadHolder())), data.Serial)
                : null;
        }
        finally
        {
            connection.EndTransaction();
        }
    }

    /// <summary>Verifies <paramref name="pin"/> once and decrypts.</summary>
    /// <param name="message">Its content is the key.</param>
    /// <param name="pin">Ownership passes.</param>
    /// <param name="shown">The card that the person saw; another one, or another number of tries left: nothing is sent.</param>
    /// <param name="touchAwaited">As for <see cref="CardMonitor.Unlock"/>.</param>
    public UnlockResult Decrypt(EncryptedKey message, SecretBuffer pin, CardReport shown, Action? touchAwaited = null) =>
        DecryptAll([message], pin, shown, touchAwaited)[0];

    /// <summary>The same for several messages, still with one VERIFY.</summary>
    /// <param name="messages">At least one.</param>
    /// <param name="pin">Ownership passes.</param>
    /// <param name="shown">As above.</param>
    /// <param name="touchAwaited">As above, before each that wants one.</param>
    /// <returns>A result for each in their order, ending at the first that is no <see cref="UnlockResult.Key"/>.</returns>
    public IReadOnlyList<UnlockResult> DecryptAll(
        IReadOnlyList<EncryptedKey> messages, SecretBuffer pin, CardReport shown, Action? touchAwaited = null)
    {
        using (pin)
        {
            try
            {
                return DecryptOnce(messages, pin, shown, touchAwaited);
            }
            catch (PcscException e)
            {
                return [IsRemoval(e, shown.Reader) ? new UnlockResult.CardRemoved() : new UnlockResult.ReaderError(Explain(e))];
            }
        }
    }

    /// <summary>Leaves pcscd.</summary>
    public void Dispose() => context.Dispose();

    private static string Explain(PcscException e) => e.Advice.Length == 0 ? e.Message : $"{e.Message}. {e.Advice}";

    private static bool IsSelected(OpenPgpCard card) => card.Select() is { IsOk: true } or { HasMore: true };

    private static bool ExtendedLength(PcscCard card) => CardData.HasExtendedLength(CardData.HistoricalBytes(card.AnswerToReset()));

    // Null: it went a moment ago.
    private CardReport? Report(string reader)
    {
        try
        {
            using PcscCard connection = Connect(reader);
            try
            {
                using var card = new OpenPgpCard(connection, connection.IsCharacterProtocol, ExtendedLength(connection));
                return IsSelected(card) && card.ReadCardData() is CardData data
                    ? CardReport.Of(reader, data, CodeStatus.Read(card, data), card.ReadHolder())
                    : new CardReport(reader, NotOpenPgp);
            }
            finally
            {
                connection.EndTransaction();
            }
        }
        catch (PcscException e) when (!e.IsServiceGone)
        {
            return IsRemoval(e, reader) ? null : new CardReport(reader, Explain(e));
        }
    }

    private IReadOnlyList<UnlockResult> DecryptOnce(
        IReadOnlyList<EncryptedKey> messages, SecretBuffer pin, CardReport shown, Action? touchAwaited)
    {
        using PcscCard connection = Connect(shown.Reader);
        try
        {
            using CardSession? session = CardSession.Open(
                connection, connection.IsCharacterProtocol, messages, askVerified: false, connection.AnswerToReset());

            // A PIN is for the card that the person saw, and for the risk they saw.
            bool isShown = session?.Describe(shown.Reader) is CardInfo info
                && (info.Serial, info.TriesLeft, info.ResetTriesLeft) == (shown.Serial, shown.TriesLeft, shown.ResetTriesLeft);
            return isShown ? session!.UnlockAll(messages, pin, touchAwaited) : [new UnlockResult.CardRemoved()];
        }
        finally
        {
            connection.PowerDown();
        }
    }

    // In a transaction. Another program's reset in between costs nothing yet: nothing was sent.
    private PcscCard Connect(string reader)
    {
        for (int tries = 1; ; tries++)
        {
            PcscCard card = context.Connect(reader);
            try
            {
                card.BeginTransaction();
                return card;
            }
            catch (PcscException e)
            {
                card.Dispose();
                if (e.Code != PcscLite.SCARD_W_RESET_CARD || tries == MaxConnects)
                {
                    throw;
                }
            }
        }
    }

    // A card pulled during a command shows first as a failed transfer: the reader tells of the removal a moment later.
    private bool IsRemoval(PcscException e, string reader)
    {
        if (e.IsCardGone || !e.MayBeRemoval)
        {
            return e.IsCardGone;
        }

        uint[] now = new uint[1];
        uint code = context.WaitChange(RemovalMilliseconds, [reader], [PcscLite.SCARD_STATE_PRESENT], now);
        return code == PcscLite.SCARD_E_UNKNOWN_READER
            || (code == PcscLite.SCARD_S_SUCCESS && (now[0] & PcscLite.SCARD_STATE_PRESENT) == 0);
    }
}
