// SPDX-License-Identifier: GPL-3.0-or-later
// What in a report is wrong, and what to do next. Pure.
using System.Globalization;

namespace UnlockControl.Overview;

internal static class Advisor
{
    /// <param name="report">Everything but its problems.</param>
    /// <param name="withImages">The images were looked at.</param>
    public static IReadOnlyList<Problem> Problems(SystemReport report, bool withImages) =>
        [.. OfCards(report), .. OfVolumes(report), .. withImages ? OfImages(report) : []];

    private static IEnumerable<Problem> OfCards(SystemReport report)
    {
        if (report.CardServiceFault is { } fault)
        {
            yield return Split(fault);
        }
        else if (report.Readers.Count == 0)
        {
            yield return new("There is no card reader.", "Plug one in. A reader that is plugged in needs its driver: apt install libccid");
        }

        foreach (SeenCard card in report.Cards)
        {
            string name = card.Serial.Length > 0 ? $"Card {card.Serial}" : $"The card in {card.Reader}";
            if (card.Fault is { } reason)
            {
                yield return new($"{name} cannot be used: {reason}", "Take it out and put it in again; another program may hold it (gpgconf --kill scdaemon).");
            }
            else if (card.KeyType.Length == 0)
            {
                yield return new($"{name} holds no decryption key.", "Make one on it with gpg --card-edit, commands admin and generate.");
            }
            else if (card.TriesLeft == 0)
            {
                yield return new($"{name} is blocked: its PIN has no tries left.", $"unlockctl card unblock --serial '{card.Serial}'");
            }
            else if (card.TriesLeft == 1)
            {
                yield return new($"{name} has one try left for its PIN.", "A right PIN, as in unlockctl test, sets the count back.");
            }
        }
    }

    private static IEnumerable<Problem> OfVolumes(SystemReport report)
    {
        if (report.CrypttabFault is { } fault)
        {
            yield return new(fault, "A disk that a card opens at boot has a line there; crypttab(5) says more.");
        }

        foreach (SeenVolume volume in report.Volumes.Where(volume => volume.UsesCard))
        {
            if (volume.Fault is { } reason)
            {
                yield return new($"{volume.Name} could not be looked into: {reason}", "unlockctl status, as root and with the disk there, says more.");
                continue;
            }

            if (volume.Storage is null)
            {
                yield return new($"{volume.Name} asks for a card at boot, and none opens it.", $"unlockctl enroll {volume.Name}");
            }
            else if (volume.Cards.Count == 1)
            {
                yield return new($"Only one card opens {volume.Name}.", $"A second one is a spare: unlockctl add-card {volume.Name}");
            }

            foreach (int keyslot in volume.UnnamedKeyslots)
            {
                yield return new(
                    string.Create(CultureInfo.InvariantCulture, $"{volume.Name} has a keyslot {keyslot} for a random key, and nothing says whose it is."),
                    string.Create(CultureInfo.InvariantCulture,
                        $"Where no key file of yours opens it, a power cut left it: cryptsetup luksKillSlot {volume.Device ?? volume.Source} {keyslot}"));
            }

            if (volume.PassphraseSlots == 0)
            {
                yield return new(
                    $"{volume.Name} has no passphrase: without a card it is lost.", $"cryptsetup luksAddKey {volume.Device ?? volume.Source}");
            }
        }
    }

    private static IEnumerable<Problem> OfImages(SystemReport report)
    {
        if (report.ImagesFault is { } fault)
        {
            yield return new($"The initramfs could not be looked into: {fault}", "unlockctl status, as root, says more.");
        }

        foreach (SeenImage image in report.Images)
        {
            if (image.Missing.Count > 0)
            {
                yield return new($"{image.Path} lacks {string.Join(", ", image.Missing)}.", $"update-initramfs -u -k {image.Kernel}");
            }
            else if (image.Newer.Count > 0)
            {
                yield return new($"{image.Path} is older than {Some(image.Newer)}.", $"update-initramfs -u -k {image.Kernel}");
            }
        }
    }

    private static string Some(IReadOnlyList<string> files) => files.Count == 1
        ? files[0]
        : string.Create(CultureInfo.InvariantCulture, $"{files[0]} and {files.Count - 1} more");

    // "What happened. Type: what to do"
    private static Problem Split(string sentence)
    {
        const string Marker = " Type: ";
        int at = sentence.IndexOf(Marker, StringComparison.Ordinal);
        return at < 0 ? new(sentence, "unlockctl(8) says more.") : new(sentence[..at], sentence[(at + Marker.Length)..]);
    }
}
