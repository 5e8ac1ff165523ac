// SPDX-License-Identifier: GPL-3.0-or-later
//
// The processors that a phone can have, and all that differs with them. Every one is emulated, whatever the host has.

using System.Runtime.InteropServices;

namespace EmulatedPhone;

/// <summary>A phone's processor and the machine around it.</summary>
public sealed record Architecture
{
    private Architecture()
    {
    }

    /// <summary>A PC. The same machine serves every test that does not ask for another.</summary>
    public static Architecture Amd64 { get; } = new()
    {
        Name = "amd64",
        Triplet = "x86_64-linux-gnu",
        Loader = "lib64/ld-linux-x86-64.so.2",
        Machine =
        [
            "qemu-system-x86_64", "-machine", "q35,i8042=off,vmport=off,sata=off,smm=off", "-cpu", "Westmere,+rdrand",
        ],
        SerialPort = "ttyS0",
    };

    /// <summary>QEMU's own ARM board with the cores of the Librem 5's i.MX 8M Quad; its device tree hands the kernel its first randomness.</summary>
    public static Architecture Arm64 { get; } = new()
    {
        Name = "arm64",
        Triplet = "aarch64-linux-gnu",
        Loader = "lib/ld-linux-aarch64.so.1",
        Machine = ["qemu-system-aarch64", "-machine", "virt", "-cpu", "cortex-a53"],
        SerialPort = "ttyAMA0",
    };

    /// <summary>As Debian names it.</summary>
    public required string Name { get; init; }

    /// <summary>The name of the folder under /usr/lib that holds its libraries.</summary>
    public required string Triplet { get; init; }

    /// <summary>The dynamic loader's path, relative to the root.</summary>
    public required string Loader { get; init; }

    /// <summary>QEMU and its arguments for machine and processor.</summary>
    public required IReadOnlyList<string> Machine { get; init; }

    /// <summary>The kernel's name for the first serial port.</summary>
    public required string SerialPort { get; init; }

    /// <summary>The folder with the agent and its libraries, as ./build.sh leaves them.</summary>
    public string Binaries => IsThisMachines ? Repository.Binaries : $"{Repository.Binaries}-{Name}";

    private bool IsThisMachines => RuntimeInformation.RuntimeIdentifier.EndsWith(Name == "amd64" ? "-x64" : "-" + Name, StringComparison.Ordinal);
}
