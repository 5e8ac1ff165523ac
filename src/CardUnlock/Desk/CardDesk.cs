// SPDX-License-Identifier: GPL-3.0-or-later
// Cards on the booted system, for the person who looks after them: what is there, a trial decryption, new codes.

namespace CardUnlock;

/// <summary>One connection to pcscd. Every call connects to one card, does one thing, and leaves that card reset. Not thread safe.</summary>
public sealed class CardDesk : IDisposable
{
    /// <summary>Connects to pcscd.</summary>
    /// <exception cref="PcscException">It does not run, or the library is missing.</exception>
    public static CardDesk Open() => throw new NotSupportedException();

    /// <summary>The readers that pcscd knows, by name.</summary>
    /// <exception cref="PcscException">pcscd went away.</exception>
    public IReadOnlyList<string> Readers() => throw new NotSupportedException();

    /// <summary>One report for each reader that holds a card; no PIN is sent.</summary>
    /// <exception cref="PcscException">pcscd went away.</exception>
    public IReadOnlyList<CardReport> Look() => throw new NotSupportedException();

    /// <summary>
    /// The card's decryption key as somebody to encrypt to: GET PUBLIC KEY (7.2.14), checked against the fingerprint and the
    /// creation time that the card holds (C5, CD).
    /// </summary>
    /// <returns>Null: the card holds no decryption key, or one that does not fit its fingerprint; <paramref name="fault"/> says
    /// which.</returns>
    public Recipient? ReadRecipient(string reader, out RecipientFault fault) => throw new NotSupportedException();

    /// <summary>Verifies <paramref name="pin"/> once and decrypts.</summary>
    /// <param name="pin">Ownership passes.</param>
    /// <param name="shown">The card that the person saw; another one, or another number of tries left: nothing is sent.</param>
    /// <param name="touchAwaited">As for <see cref="CardMonitor.Unlock"/>.</param>
    public UnlockResult Decrypt(EncryptedKey message, SecretBuffer pin, CardReport shown, Action? touchAwaited = null) =>
        throw new NotSupportedException();

    /// <summary>CHANGE REFERENCE DATA (7.2.3), sent once.</summary>
    /// <param name="admin">True: the admin PIN (PW3); false: the PIN (PW1).</param>
    /// <param name="oldPin">Ownership passes, as <paramref name="newPin"/>'s.</param>
    public CodeResult ChangePin(CardReport shown, bool admin, SecretBuffer oldPin, SecretBuffer newPin) => throw new NotSupportedException();

    /// <summary>RESET RETRY COUNTER (7.2.4) with the resetting code, or after VERIFY of the admin PIN, sent once.</summary>
    public CodeResult Unblock(CardReport shown, bool byAdmin, SecretBuffer code, SecretBuffer newPin) => throw new NotSupportedException();

    /// <summary>PUT DATA D3 (4.3.4) after VERIFY of the admin PIN, sent once.</summary>
    public CodeResult SetResetCode(CardReport shown, SecretBuffer adminPin, SecretBuffer newCode) => throw new NotSupportedException();

    /// <summary>Blocks until a reader or a card comes or goes, the token is cancelled, or the time is up.</summary>
    /// <returns>True: something changed.</returns>
    public bool WaitForChange(TimeSpan timeout, CancellationToken cancellation) => throw new NotSupportedException();

    /// <summary>Leaves pcscd.</summary>
    public void Dispose()
    {
    }
}

/// <summary>What a card says of itself.</summary>
/// <param name="Reader">The reader's name.</param>
/// <param name="Fault">Why it cannot be used; null where it is an OpenPGP card that answers.</param>
public sealed record CardReport(string Reader, string? Fault)
{
    /// <summary>Manufacturer and serial number: "0006 12345678"; empty where there is a fault.</summary>
    public string Serial { get; init; } = "";

    /// <summary>The maker by its number (OpenPGP card 3.4 section 4.2.1), for instance "Yubico"; else "maker 0006".</summary>
    public string Maker { get; init; } = "";

    /// <summary>The application's version, for instance "3.4".</summary>
    public string Version { get; init; } = "";

    /// <summary>The holder's name (5B), made fit to be printed; empty where the card has none.</summary>
    public string Holder { get; init; } = "";

    /// <summary>The decryption key: "rsa2048", "cv25519", "nistp256"; empty where there is none.</summary>
    public string KeyType { get; init; } = "";

    /// <summary>The decryption key's fingerprint, 20 bytes; empty where there is none.</summary>
    public byte[] Fingerprint { get; init; } = [];

    /// <summary>The PIN's tries; null where the card does not say.</summary>
    public int? TriesLeft { get; init; }

    /// <summary>The resetting code's tries; 0: none is set, or it is used up.</summary>
    public int ResetTriesLeft { get; init; }

    /// <summary>The admin PIN's tries; null where the card does not say.</summary>
    public int? AdminTriesLeft { get; init; }

    /// <summary>The PIN's least and most bytes, the admin PIN's and the resetting code's.</summary>
    public (int Min, int Max) PinLength { get; init; }

    /// <summary>The admin PIN's and the resetting code's least and most bytes.</summary>
    public (int Min, int Max) AdminLength { get; init; }

    /// <summary>DECIPHER waits for a touch.</summary>
    public bool NeedsTouch { get; init; }
}

/// <summary>What a change of a code comes to; nothing is ever sent twice.</summary>
public abstract record CodeResult
{
    private CodeResult()
    {
    }

    /// <summary>The card took it.</summary>
    public sealed record Done : CodeResult;

    /// <summary>The card refused the old code (or the admin PIN, or the resetting code). Null: it does not say how many tries are left.</summary>
    public sealed record Wrong(int? TriesLeft) : CodeResult;

    /// <summary>No tries are left, or there is no such code on the card; nothing was sent.</summary>
    public sealed record Blocked : CodeResult;

    /// <summary>A length that the card's rules exclude; nothing was sent.</summary>
    public sealed record WrongLength(int Min, int Max) : CodeResult;

    /// <summary>Another card, or the card went on the way.</summary>
    public sealed record CardRemoved : CodeResult;

    /// <summary>The card or the reader failed.</summary>
    public sealed record Failed(string Reason) : CodeResult;
}
