// SPDX-License-Identifier: GPL-3.0-or-later
// Who allows a new keyslot, and which card proves the new message. A card that opens the volume does the first by what it decrypts from
// the old message, and where it stays a recipient the second too, for one PIN; a passphrase or a key file allows only.
using System.Globalization;
using CardUnlock;

namespace UnlockControl.Enrolment;

/// <summary>What opened the volume so far.</summary>
/// <param name="Secret">Null in a dry run.</param>
/// <param name="KeyslotsToRemove">The old key's, once the new one is proved.</param>
internal sealed record OldKey(SecretBuffer? Secret, IReadOnlyList<int> KeyslotsToRemove) : IDisposable
{
    public void Dispose() => Secret?.Dispose();
}

internal sealed class Authority(Job job, CardTable table, NewKey key)
{
    private readonly HashSet<string> seen = [];
    private bool isProved;

    private StoredKeys Stored => job.Stored;

    private bool HasPassphrase => job.Volume.PassphraseSlots.Count > 0 || job.Options.UnlockKeyFile is not null;

    /// <summary>Completes the recipients as far as cards at hand can, and gets what opens the volume.</summary>
    /// <param name="newCards">How many are to come.</param>
    /// <param name="dropped">Key ids that need no public key.</param>
    /// <param name="files">The recipients that the person named.</param>
    public OldKey Obtain(int newCards, IReadOnlyList<ulong> dropped, IReadOnlyList<Recipient> files)
    {
        TakeMissingFromCards(dropped);
        RequireAll(dropped);
        RequireOtherPassphrase();
        var card = job.Options.UnlockKeyFile is null ? FindOpener(newCards) : null;
        KeyReview.Agree(job, key.Recipients, table.Look(), files, newCards);
        return card is not null ? ByCard(card) : ByPassphrase();
    }

    /// <summary>Each is read, added and tested with the message as it is then; the last one with the final bytes.</summary>
    public void AddNewCards(int count)
    {
        for (int wanted = count; wanted > 0; wanted--)
        {
            var card = table.Await("the new card", card => !IsKnown(card), Why, atMost: wanted);
            seen.Add(card.Serial);
            var recipient = table.ReadRecipient(card);
            job.Prompt.Say("The new card's key: " + KeyReview.LineOf(recipient));
            key.Add(recipient);
            CardSteps.Prove(job, table, card, key);
            isProved = true;
        }
    }

    /// <summary>A message that no card has opened is no way in yet.</summary>
    public void RequireProof()
    {
        if (isProved)
        {
            return;
        }

        if (job.Options.WithoutTest)
        {
            RequirePassphraseSlot();
            job.Prompt.Say("The new key is not tested with a card, as you wished. Test it with `unlockctl test` once a card is at hand.");
            return;
        }

        var card = table.Await(
            "one of the cards that stay", card => key.Has(card.Fingerprint),
            card => $"The card {Wording.NameOf(card)} is none of those that stay: "
                + $"{Wording.NamesOf(key.Recipients)}.", atMost: int.MaxValue);
        CardSteps.Prove(job, table, card, key);
    }

    private bool IsKnown(CardReport card) => seen.Contains(card.Serial) || key.Has(card.Fingerprint);

    private string? Why(CardReport card) => IsKnown(card) ? $"The card {Wording.NameOf(card)} is there already; another one is "
        + "wanted." : null;

    /// <summary>A card whose public key a token made by hand lacks can give it itself.</summary>
    private void TakeMissingFromCards(IReadOnlyList<ulong> dropped)
    {
        foreach (var card in table.Look())
        {
            if (!key.Has(card.Fingerprint)
                && Stored.Missing.Any(keyId => !dropped.Contains(keyId) && CardSteps.IsKeyId(keyId, card.Fingerprint)))
            {
                key.Add(table.ReadRecipient(card));
            }
        }
    }

    private void RequireAll(IReadOnlyList<ulong> dropped)
    {
        ulong[] unknown = [.. Stored.Missing.Where(keyId => !dropped.Contains(keyId)
            && !key.Recipients.Any(recipient => CardSteps.IsKeyId(keyId, recipient.Fingerprint)))];
        if (unknown.Length == 0)
        {
            return;
        }

        string names = string.Join(
            " and ", unknown.Select(static keyId => keyId == 0 ? "a hidden recipient" : "the key " + Wording.NameOf(keyId)));
        throw new Refusal(ExitCode.Failure, $"{job.Name} was also encrypted to {names}, whose public key is not there: a new key "
            + "would leave it "
            + "out. Put its card into a reader, or give its public key (gpg --export KEYID > FILE) with --recipient FILE, or "
                + "take it away with "
            + "`unlockctl remove-card`. Nothing was changed.");
    }

    /// <summary>A message by `gpg --symmetric --encrypt` has a way in that a new one has not.</summary>
    private void RequireOtherPassphrase()
    {
        if (Stored.HasPassphrase && job.Volume.PassphraseSlots.Count == 0)
        {
            throw new Refusal(ExitCode.LastWayIn, $"The old key's message can also be opened by a passphrase of its own (gpg --symmetric); a new "
                + $"one could not, and {job.Name} itself has no passphrase. Add one first: `cryptsetup luksAddKey {job.Volume.Device}`. "
                + "Nothing was changed.");
        }
    }

    /// <summary>The card to ask for: one that stays before one that goes; a new one in the only reader gives way to a passphrase.</summary>
    private CardReport? FindOpener(int newCards)
    {
        CardReport[] there = [.. table.Look()];
        var opener = there.Where(card => CardSteps.IsFor(Stored, card))
            .OrderByDescending(card => key.Has(card.Fingerprint)).FirstOrDefault();
        if (opener is not null || ((newCards > 0 ? there.Length > 0 : job.Options.WithoutTest) && HasPassphrase))
        {
            return opener;
        }

        string request = newCards > 0 && HasPassphrase ? "a card that opens the volume already, or the new card," : "a card that "
            + "opens the volume";
        var found = table.Await(
            request,
            card => CardSteps.IsFor(Stored, card) || (newCards > 0 && HasPassphrase),
            static card => $"The card {Wording.NameOf(card)} does not open this volume.",
            atMost: int.MaxValue);
        return CardSteps.IsFor(Stored, found) ? found : null;
    }

    private OldKey ByCard(CardReport card)
    {
        bool stays = key.Has(card.Fingerprint);
        SecretBuffer? old = null;
        seen.Add(card.Serial);
        string what = stays ? "decrypt the volume's key and the new one" : "decrypt the volume's key";
        try
        {
            var message = CardSteps.MessageFor(Stored, card);
            job.Work.Do($"Have the card {Wording.NameOf(card)} {what}", () => old = Decrypt(card, message.Message, stays));
            isProved |= stays;
            var keyslots = old is null ? [.. Stored.Keyslots.Except(KeySteps.Doubtful(job))] : KeyslotsOf(message, old);
            return new OldKey(old?.Move(), keyslots);
        }
        finally
        {
            old?.Dispose();
        }
    }

    private SecretBuffer Decrypt(CardReport card, EncryptedKey message, bool stays)
    {
        var contents = stays ? table.Decrypt(card, message, key.Parsed) : table.Decrypt(card, message);
        using var proof = stays ? contents[1] : null;
        using var old = contents[0];
        if (proof is not null)
        {
            CardTable.RequireSame(card, proof, key.Secret);
        }

        return old.Move();
    }

    /// <summary>
    /// What goes with the old key: the keyslots that it opens, and those of other messages of ours. One that its own token names and
    /// that it does not open was named by mistake, and is not ours to remove.
    /// </summary>
    private int[] KeyslotsOf(StoredKey message, SecretBuffer old)
    {
        int[] opened = [];
        int[] shared = [];
        job.Prompt.Progress("Looking for the old keyslot", _ =>
        {
            opened = [.. Stored.Keyslots.Where(slot => job.Volume.FindKeyslot(old, slot) is not null)];
            shared = [.. Stored.Shared.Where(slot => job.Volume.FindKeyslot(old, slot) is not null)];
        });
        if (shared.Length > 0)
        {
            throw new Refusal(ExitCode.Failure, $"{Wording.KeyslotsOf(shared)} of {job.Name}, which the old key opens, would stay: another "
                + $"program's token names it too (`cryptsetup luksDump {job.Volume.Device}`). Remove that token first. Nothing was changed.");
        }

        if (opened.Length == 0 && job.Volume.FindKeyslot(old) is null)
        {
            throw new Refusal(ExitCode.Failure, $"The key that the card decrypted does not open {job.Name} any more. `unlockctl disable "
                + $"{job.Name}` takes it away; then `unlockctl enroll` makes a new one. Nothing was changed.");
        }

        var doubtful = KeySteps.Doubtful(job);
        if (job.Volume.PassphraseSlots.Count == 0 && opened.Any(doubtful.Contains))
        {
            throw new Refusal(ExitCode.LastWayIn, $"What the card decrypted may be the passphrase of {job.Name}, and no other one is left. "
                + $"Add one that is not in the message first: `cryptsetup luksAddKey {job.Volume.Device}`. Nothing was changed.");
        }

        int[] kept = [.. doubtful.Except(opened)];
        if (kept.Length > 0)
        {
            job.Prompt.Say($"{Wording.KeyslotsOf(kept)} of {job.Name}, which a token names, may be a passphrase's or another "
                + "program's, and stays.");
        }

        return [.. Stored.Keyslots.Where(
            slot => opened.Contains(slot) || (!message.Keyslots.Contains(slot) && !doubtful.Contains(slot)))];
    }

    private OldKey ByPassphrase()
    {
        var doubtful = KeySteps.Doubtful(job);
        if (job.Options.DryRun)
        {
            return new OldKey(null, [.. Stored.Keyslots.Except(doubtful)]);
        }

        using var opener = Passphrase.Ask(job.Prompt, job.Volume, job.Name, job.Options.UnlockKeyFile);
        int[] unknown = [.. doubtful.Where(slot => slot != opener.Keyslot)];
        if (unknown.Length > 0)
        {
            throw new Refusal(ExitCode.Failure, $"{Wording.KeyslotsOf(unknown)} of {job.Name}, which a token names, may be a "
                + "passphrase's or another program's: only a card that opens the volume can tell. Put it into a reader and start again. Nothing was changed.");
        }

        return new OldKey(opener.Secret.Move(), [.. Stored.Keyslots.Where(slot => slot != opener.Keyslot)]);
    }

    private void RequirePassphraseSlot()
    {
        if (job.Volume.PassphraseSlots.Count == 0)
        {
            throw new Refusal(ExitCode.LastWayIn, string.Create(CultureInfo.InvariantCulture,
                $"No passphrase opens {job.Name}: a new key must be tested with a card. Nothing was changed."));
        }
    }
}
