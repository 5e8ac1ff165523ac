// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a boot can differ in.

using CardSimulator;

namespace EmulatedPhone;

/// <summary>How the phone is put together.</summary>
/// <param name="Kernel">Path of the kernel.</param>
/// <param name="Initrd">Path of the initramfs.</param>
/// <param name="Disk">Path of the raw disk; the guest's writes are thrown away, unless <see cref="KeepsWrites"/>.</param>
/// <param name="Name">Names the boot in messages and in the files of a failure.</param>
public sealed record PhoneOptions(string Kernel, string Initrd, string Disk, string Name)
{
    /// <summary>The processor that kernel and initramfs are for.</summary>
    public Architecture Architecture { get; init; } = Architecture.Amd64;

    /// <summary>Screen width in pixels; the Librem 5's by default.</summary>
    public int Width { get; init; } = 720;

    /// <summary>Screen height in pixels.</summary>
    public int Height { get; init; } = 1440;

    /// <summary>Quarters clockwise, 0 to 3, that the agent's picture is turned on the screen; the kernel's command line says it to the agent.</summary>
    public int Turn { get; init; }

    /// <summary>False: no display adapter at all, hence no /dev/fb0; the serial port is the text console.</summary>
    public bool HasScreen { get; init; } = true;

    /// <summary>True: the display says what it is by an EDID, for which <see cref="PhoneImage.PanelWords"/> name another one.</summary>
    public bool HasEdid { get; init; }

    /// <summary>False: no touchscreen.</summary>
    public bool HasTouch { get; init; } = true;

    /// <summary>The card that can be put into the phone's reader; without one there is no reader.</summary>
    public VirtualCard? Card { get; init; }

    /// <summary>True: a window on the host's display, where a person taps.</summary>
    public bool Interactive { get; init; }

    /// <summary>
    /// True: the guest's clock counts its instructions (one a nanosecond, both processors in turn), so that times do not
    /// depend on what else the host does. Slower than the wall clock.
    /// </summary>
    public bool CountsInstructions { get; init; }

    /// <summary>More arguments for QEMU: devices that only few boots have.</summary>
    public IReadOnlyList<string> MoreDevices { get; init; } = [];

    /// <summary>More words for the kernel's command line.</summary>
    public string ExtraCommandLine { get; init; } = "";

    /// <summary>True: what the guest writes to the disk stays, and a reboot ends the machine: its next image may be among it.</summary>
    public bool KeepsWrites { get; init; }

    /// <summary>Paths of raw images for a second disk and further ones, which keep what is written to them.</summary>
    public IReadOnlyList<string> MoreDisks { get; init; } = [];

    /// <summary>True: there is <see cref="Phone.Terminal"/>, which is hvc0 in the guest.</summary>
    public bool HasTerminal { get; init; }

    /// <summary>True: the agent dims, darkens and wipes as it does by default, or as <see cref="ExtraCommandLine"/> says; a slow host must not meet that.</summary>
    public bool MindsIdleness { get; init; }
}
