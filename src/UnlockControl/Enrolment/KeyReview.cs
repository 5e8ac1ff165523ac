// SPDX-License-Identifier: GPL-3.0-or-later
// Whom the next key is for. Nothing protects a header against writing: a public key in it may be somebody else's, put there while the disk was
// out of its owner's hands, under any name. So every key is shown by its fingerprint, with what vouches for it, before a PIN is asked for.
using System.Globalization;
using CardUnlock;

namespace UnlockControl.Enrolment;

internal static class KeyReview
{
    /// <summary>Shows every key that the new one is encrypted to, and asks.</summary>
    /// <param name="cards">Those at hand.</param>
    /// <param name="files">What the person named.</param>
    /// <param name="newCards">How many are to come; each gives its key itself.</param>
    /// <exception cref="Refusal">Nobody agreed.</exception>
    public static void Agree(
        Job job, IReadOnlyList<Recipient> recipients, IReadOnlyList<CardReport> cards, IReadOnlyList<Recipient> files, int newCards)
    {
        IReadOnlyList<string> lines = [.. Lines(job, recipients, cards, files, newCards)];
        if (job.Options.Yes || job.Options.DryRun)
        {
            foreach (string line in lines)
            {
                job.Prompt.Say(line);
            }
        }
        else if (!job.Prompt.Agree(lines, "Encrypt the new key to these?"))
        {
            throw new Refusal(ExitCode.GivenUp, $"Nobody agreed to whom the new key of {job.Name} is for: nothing was changed. (Where there is "
                + "no terminal to answer at, --yes agrees beforehand, to whatever --dry-run shows.)");
        }
    }

    /// <summary>A new card's key, which the card gives itself, as the others were shown.</summary>
    public static string LineOf(Recipient recipient) => $"{Plain(Wording.NameOf(recipient))}: {Convert.ToHexString(recipient.Fingerprint)}";

    private static IEnumerable<string> Lines(
        Job job, IReadOnlyList<Recipient> recipients, IReadOnlyList<CardReport> cards, IReadOnlyList<Recipient> files, int newCards)
    {
        yield return $"The new key of {job.Name} will be encrypted to:";
        bool isKnown = true;
        foreach (var recipient in recipients)
        {
            string? voucher = Voucher(recipient, cards, files);
            isKnown &= voucher is not null;
            yield return $"  {Convert.ToHexString(recipient.Fingerprint)}";
            yield return "    " + (voucher ?? "by the volume's word alone: " + Plain(Wording.NameOf(recipient)) + Contradiction(recipient, cards));
        }

        if (newCards > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"  and {newCards} new card{(newCards == 1 ? "" : "s")}, by the key on the card");
        }

        if (!isKnown)
        {
            yield return "Whoever could write to the disk could put a key of their own there. Compare with `unlockctl card info`, each card in the "
                + "reader, or with `gpg --list-keys --with-subkey-fingerprint`.";
        }

        if (job.Stored.HasPassphrase)
        {
            yield return "The old key's message can also be opened by a passphrase of its own (gpg --symmetric); the new one cannot. The passphrases "
                + "of the volume itself stay.";
        }
    }

    /// <summary>Null: nobody but the header says whose it is.</summary>
    private static string? Voucher(Recipient recipient, IReadOnlyList<CardReport> cards, IReadOnlyList<Recipient> files) =>
        cards.FirstOrDefault(card => NewKey.IsSame(card.Fingerprint, recipient.Fingerprint)) is { } card
            ? "the card in the reader now: " + Plain(Wording.NameOf(card))
            : CardSteps.IsAmong(files, recipient.Fingerprint) ? "the file that you named: " + Plain(Wording.NameOf(recipient)) : null;

    private static string Contradiction(Recipient recipient, IReadOnlyList<CardReport> cards) =>
        recipient.Serial.Length > 0 && cards.Any(card => card.Serial == recipient.Serial)
            ? ", but THE CARD OF THAT NUMBER IN THE READER HOLDS ANOTHER KEY" : "";

    /// <summary>A name must not look like a line of its own, or turn the line round.</summary>
    private static string Plain(string name)
    {
        string shown = string.Concat(name.Where(static c => char.GetUnicodeCategory(c) is not
            (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)));
        return string.Join(' ', shown.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }
}
