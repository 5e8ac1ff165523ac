// SPDX-License-Identifier: GPL-3.0-or-later
// A volume's next key, 256 random bits, and its message, which grows by one recipient at a time: each card is tested with the very bytes
// that are stored in the end, so a reader that is shared needs one swap a card and a card one PIN.
using CardUnlock;
using UnlockControl.Volumes;

namespace UnlockControl.Enrolment;

internal sealed class NewKey : IDisposable
{
    private const int Length = 32;

    private readonly KeyMessageWriter writer;
    private readonly List<Recipient> recipients = [];

    public NewKey()
    {
        Secret = KeyMessage.RandomKey(Length);
        writer = new KeyMessageWriter(Secret);
    }

    /// <summary>The key that opens the new keyslot.</summary>
    public SecretBuffer Secret { get; }

    /// <summary>The OpenPGP message to all recipients so far.</summary>
    public byte[] Message { get; private set; } = [];

    public IReadOnlyList<Recipient> Recipients => recipients;

    /// <summary>The recipients' public keys, one behind the other.</summary>
    public byte[] PublicKeys => [.. recipients.SelectMany(static recipient => recipient.PublicKeys)];

    /// <summary>The message, as the agent will read it.</summary>
    /// <exception cref="StepException">The agent would not.</exception>
    public EncryptedKey Parsed => EncryptedKey.Parse(Message, PublicKeys, out var parsed) == MessageFault.None
        ? parsed!
        : throw new StepException("The new message cannot be read back. Please report this: it must not happen.");

    /// <summary>The key is encrypted to that one.</summary>
    public bool Has(ReadOnlySpan<byte> fingerprint)
    {
        foreach (var recipient in recipients)
        {
            if (IsSame(recipient.Fingerprint, fingerprint))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Encrypts to one more; twice to the same does nothing.</summary>
    /// <exception cref="Refusal">The key is too weak for what must hold for years.</exception>
    public void Add(Recipient recipient)
    {
        if (recipient.IsWeak)
        {
            throw new Refusal(ExitCode.Failure, $"The key of {Wording.NameOf(recipient)} is {recipient.Algorithm}, which is too weak by now: "
                + "for a new key it takes RSA of 2048 bits or more, or a curve. Make one on the card (gpg --card-edit). A card that opens the "
                + "volume already goes on opening it, until `unlockctl remove-card`. Nothing was changed.");
        }

        if (!Has(recipient.Fingerprint))
        {
            recipients.Add(recipient);
            Message = writer.Add(recipient);
        }
    }

    /// <summary>A card holds 20 bytes of a fingerprint: all of a version 4 key's, the first ones of a later key's.</summary>
    public static bool IsSame(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        int known = Math.Min(one.Length, other.Length);
        return known > 0 && one[..known].SequenceEqual(other[..known]);
    }

    public void Dispose()
    {
        writer.Dispose();
        Secret.Dispose();
    }
}
