// SPDX-License-Identifier: GPL-3.0-or-later
// Which of several screens is the device's own: what sysfs says of frame buffer devices, DRM cards and their connectors
// (/sys/class/graphics, /sys/class/drm). Reads, opens nothing.

using System.Globalization;

namespace Framebuffer;

/// <summary>A screen that may be drawn to.</summary>
/// <param name="Path">Its node.</param>
/// <param name="IsCard">Whether it is a DRM card without a frame buffer device.</param>
/// <param name="Card">The DRM card that drives it, by name; null where it is not known.</param>
/// <param name="Device">The device that drives it, as a folder of sysfs; null where it is not known.</param>
/// <param name="Rank">How much it looks like the device's own screen; the highest wins.</param>
internal sealed record ScreenCandidate(string Path, bool IsCard, string? Card, string? Device, ScreenRank Rank);

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
    internal static IReadOnlyList<ScreenCandidate> Find(string sysfs, string devices)
    {
        string cardClass = Path.Join(sysfs, "class", "drm");
        List<(string Name, string? Device)> cards =
            [.. Numbered(cardClass, "card").Select(name => (name, DeviceOf(Path.Join(cardClass, name))))];
        List<ScreenCandidate> found = [];
        string graphics = Path.Join(sysfs, "class", "graphics");
        foreach (string name in Numbered(graphics, "fb"))
        {
            string? device = DeviceOf(Path.Join(graphics, name));
            string? card = device is null ? null : cards.Find(one => one.Device == device).Name;
            found.Add(new(Path.Join(devices, name), false, card, device, card is null ? ScreenRank.Any : RankOf(cardClass, card)));
        }

        foreach ((string name, string? device) in cards)
        {
            if (!found.Exists(one => one.Card == name))
            {
                found.Add(new(Path.Join(devices, "dri", name), true, name, device, RankOf(cardClass, name)));
            }
        }

        return [.. found.OrderByDescending(one => one.Rank)];
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
        foreach (string connector in Sysfs.List(cardClass).Where(name => name.StartsWith(card + "-", StringComparison.Ordinal)))
        {
            int last = connector.LastIndexOf('-');
            if (last <= card.Length || Connectors.KindOf(connector[(card.Length + 1)..last]) is not { } kind)
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

    private static IEnumerable<string> Numbered(string folder, string prefix) =>
        from name in Sysfs.List(folder)
        where name.StartsWith(prefix, StringComparison.Ordinal)
        let number = int.TryParse(name.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : -1
        where number >= 0
        orderby number
        select name;

    private static string? DeviceOf(string entry) => Sysfs.Follow(Path.Join(Sysfs.Follow(entry) ?? entry, "device"));
}
