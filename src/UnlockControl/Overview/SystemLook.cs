// SPDX-License-Identifier: GPL-3.0-or-later
// Looks at everything and changes nothing. What cannot be looked at (no root, no pcscd, no card, no image) is a line of the report.
using CardUnlock;
using UnlockControl.Commands;
using UnlockControl.Enrolment;
using UnlockControl.Volumes;

namespace UnlockControl.Overview;

internal static class SystemLook
{
    private const int KeyIdLength = 8;

    /// <summary>Where crypttab is: as for Debian's own cryptsetup scripts, TABFILE says so.</summary>
    public static string CrypttabPath => Environment.GetEnvironmentVariable("TABFILE") is { Length: > 0 } path ? path : Crypttab.Path;

    /// <summary>Everything but the images, which take their time.</summary>
    public static SystemReport WithoutImages() => Look(withImages: false);

    /// <summary>Everything.</summary>
    public static SystemReport All() => Look(withImages: true);

    private static SystemReport Look(bool withImages)
    {
        SystemReport report = LookAtCards(new SystemReport { Problems = [] });
        report = LookAtVolumes(report, out IReadOnlyList<CrypttabEntry> ours);
        report = Connect(report);
        report = withImages && ours.Count > 0 ? LookAtImages(report, ours) : report;
        return report with { Problems = Advisor.Problems(report, withImages) };
    }

    private static SystemReport LookAtCards(SystemReport report)
    {
        try
        {
            using CardDesk desk = CardDesk.Open();
            return report with { Readers = desk.Readers(), Cards = [.. desk.Look().Select(Seen)] };
        }
        catch (PcscException e)
        {
            return report with { CardServiceFault = Faults.OfCardService(e) };
        }
    }

    private static SystemReport LookAtVolumes(SystemReport report, out IReadOnlyList<CrypttabEntry> ours)
    {
        ours = [];
        try
        {
            IReadOnlyList<CrypttabEntry> entries = Crypttab.Read(CrypttabPath).Entries;
            ours = [.. entries.Where(entry => entry.IsOurs)];
            return report with { Volumes = [.. entries.Select(Seen)] };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return report with { CrypttabFault = e is FileNotFoundException ? $"There is no {CrypttabPath}." : e.Message };
        }
    }

    private static SystemReport LookAtImages(SystemReport report, IReadOnlyList<CrypttabEntry> ours)
    {
        try
        {
            IReadOnlyList<ImageReport> images = new Initramfs().Look(ours);
            return report with { Images = [.. images.Select(image => new SeenImage(image.Path, image.Kernel, image.Missing, image.Newer))] };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or StepException)
        {
            return report with { ImagesFault = e.Message };
        }
    }

    private static SeenCard Seen(CardReport card) => new(card.Reader, card.Fault)
    {
        Serial = card.Serial,
        Maker = card.Maker,
        Specification = card.Version,
        Holder = card.Holder,
        KeyType = card.KeyType,
        Fingerprint = Convert.ToHexString(card.Fingerprint),
        TriesLeft = card.TriesLeft,
        ResetCodeTriesLeft = card.Fault is null ? card.ResetTriesLeft : null,
        AdminTriesLeft = card.AdminTriesLeft,
        NeedsTouch = card.NeedsTouch,
    };

    private static SeenVolume Seen(CrypttabEntry entry)
    {
        SeenVolume volume = new(entry.Name, entry.Source) { Device = entry.Device, UsesCard = entry.IsOurs };
        if ((volume.Device ?? entry.Header) is not { } device)
        {
            return volume with { Fault = "The device is not there." };
        }

        try
        {
            using LuksVolume header = LuksVolume.Open(device, entry.Header);
            StoredKeys stored = StoredKeys.Read(header, entry);
            return volume with
            {
                Uuid = header.Uuid,
                PassphraseSlots = header.PassphraseSlots.Count,
                UnnamedKeyslots = header.UnnamedKeyslots,
                Storage = stored.File is not null ? "file" : stored.Keys.Count > 0 ? "token" : null,
                KeyFile = stored.File,
                Cards = [.. stored.Recipients.Select(Seen), .. stored.Missing.Select(Unknown)],
            };
        }
        catch (Exception e) when (e is LuksException or IOException or UnauthorizedAccessException or Refusal)
        {
            return volume with { Fault = Environment.IsPrivilegedProcess ? e.Message : "Only root can read it: try again with sudo." };
        }
    }

    private static SeenRecipient Seen(Recipient recipient) => new(
        recipient.Name, recipient.Serial, Convert.ToHexString(recipient.Fingerprint), recipient.Algorithm, IsPresent: false);

    // Only the key id is known: the end of a version 4 fingerprint. 0 is somebody hidden.
    private static SeenRecipient Unknown(ulong keyId) => new("", "", keyId == 0 ? "" : Wording.NameOf(keyId), "", IsPresent: false);

    /// <summary>Which card opens which volume: by the fingerprint of its key.</summary>
    internal static SystemReport Connect(SystemReport report) => report with
    {
        Volumes = [.. report.Volumes.Select(volume => volume with
        {
            Cards = [.. volume.Cards.Select(recipient => recipient with { IsPresent = report.Cards.Any(card => IsOf(card, recipient)) })],
        })],
        Cards = [.. report.Cards.Select(card => card with
        {
            Opens = [.. report.Volumes.Where(volume => volume.Cards.Any(recipient => IsOf(card, recipient))).Select(volume => volume.Name)],
        })],
    };

    private static bool IsOf(SeenCard card, SeenRecipient recipient) =>
        recipient.Fingerprint.Length >= KeyIdLength * 2 && card.Fingerprint.EndsWith(recipient.Fingerprint, StringComparison.Ordinal);
}
