// SPDX-License-Identifier: GPL-3.0-or-later
// Which of several screens is the device's own: what sysfs says of frame buffer devices, DRM cards and their connectors
// (/sys/class/graphics, /sys/class/drm). Reads, opens nothing.

namespace Framebuffer;

/// <summary>A screen that may be drawn to.</summary>
/// <param name="path">Its node.</param>
/// <param name="isCard">Whether it is a DRM card without a frame buffer device.</param>
/// <param name="card">The DRM card that drives it, by name; null where it is not known.</param>
/// <param name="device">The device that drives it, as a folder of sysfs; null where it is not known.</param>
/// <param name="rank">How much it looks like the device's own screen; the highest wins.</param>
internal sealed class ScreenCandidate(string path, bool isCard, string? card, string? device, ScreenRank rank)
{
    internal string Path => path;

    internal bool IsCard => isCard;

    internal string? Card => card;

    internal string? Device => device;

    internal ScreenRank Rank => rank;
}

internal enum ScreenRank
{
    /// <summary>Nothing is connected to it.</summary>
    Unconnected,

    /// <summary>A screen that was plugged in, or one that nothing is known of.</summary>
    Any,

    /// <summary>A virtual machine's, or one on a small bus.</summary>
    Other,

    /// <summary>A panel that is built in.</summary>
    BuiltIn,
}

internal static class ScreenFinder
{
    /// <summary>The screens that are there, the best first; of equals frame buffer devices and low numbers first.</summary>
    /// <param name="sysfs">The folder that sysfs is mounted on.</param>
    /// <param name="devices">The folder of the device nodes.</param>
    internal static List<ScreenCandidate> Find(string sysfs, string devices)
    {
        string cardClass = Path.Join(sysfs, "class", "drm");
        string graphics = Path.Join(sysfs, "class", "graphics");
        List<ScreenCandidate> cards = [];
        foreach (string name in Numbered(cardClass, "card"))
        {
            cards.Add(new(Path.Join(devices, "dri", name), true, name, DeviceOf(Path.Join(cardClass, name)), RankOf(cardClass, name)));
        }

        List<ScreenCandidate> found = [];
        foreach (string name in Numbered(graphics, "fb"))
        {
            string? device = DeviceOf(Path.Join(graphics, name));
            ScreenCandidate? card = device is null ? null : cards.Find(one => one.Device == device);
            Insert(found, new(Path.Join(devices, name), false, card?.Card, device, card?.Rank ?? ScreenRank.Any));
        }

        foreach (ScreenCandidate card in cards)
        {
            if (!found.Exists(one => one.Card == card.Card))
            {
                Insert(found, card);
            }
        }

        return found;
    }

    // After those that are as good.
    private static void Insert(List<ScreenCandidate> found, ScreenCandidate one)
    {
        int place = found.FindIndex(other => other.Rank < one.Rank);
        found.Insert(place < 0 ? found.Count : place, one);
    }

    /// <summary>
    /// Whether a frame buffer device is on its way for each DRM card: the kernel's fbdev emulation makes it a moment
    /// after the card, unless it was built without or told not to.
    /// </summary>
    internal static bool IsEmulationOn(string sysfs) =>
        Sysfs.Read(Path.Join(sysfs, "module", "drm_kms_helper", "parameters", "fbdev_emulation")) is "Y" or "1";

    private static ScreenRank RankOf(string cardClass, string card)
    {
        bool knowsConnectors = false;
        var best = ScreenRank.Unconnected;
        foreach (string connector in Sysfs.List(cardClass))
        {
            int last = connector.LastIndexOf('-');
            if (!connector.StartsWith(card + "-", StringComparison.Ordinal) || last <= card.Length
                || Connectors.KindOf(connector[(card.Length + 1)..last]) is not { } kind)
            {
                continue;
            }

            // A panel that is soldered on may not be able to say that it is there.
            knowsConnectors = true;
            string? status = Sysfs.Read(Path.Join(cardClass, connector, "status"));
            if (status == "connected" || (status == "unknown" && kind == ConnectorKind.BuiltIn))
            {
                ScreenRank rank = kind switch
                {
                    ConnectorKind.BuiltIn => ScreenRank.BuiltIn,
                    ConnectorKind.Other => ScreenRank.Other,
                    _ => ScreenRank.Any,
                };
                best = rank > best ? rank : best;
            }
        }

        return knowsConnectors ? best : ScreenRank.Any;
    }

    private static List<string> Numbered(string folder, string prefix)
    {
        List<string> numbered = Sysfs.List(folder).FindAll(name =>
            name.Length > prefix.Length && name.StartsWith(prefix, StringComparison.Ordinal)
            && name.AsSpan(prefix.Length).IndexOfAnyExceptInRange('0', '9') < 0);

        // 10 comes after 9.
        numbered.Sort((a, b) => a.Length != b.Length ? a.Length - b.Length : string.CompareOrdinal(a, b));
        return numbered;
    }

    private static string? DeviceOf(string entry) => Sysfs.Follow(Path.Join(Sysfs.Follow(entry) ?? entry, "device"));
}
