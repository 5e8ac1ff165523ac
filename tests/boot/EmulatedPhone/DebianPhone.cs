// SPDX-License-Identifier: GPL-3.0-or-later
//
// The emulated phone with a whole Debian system: what is written to its disks stays, and each boot is by the kernel and the initramfs
// that lie in its /boot at that moment.

using System.Text.RegularExpressions;
using CardSimulator;

namespace EmulatedPhone;

/// <summary>A phone that is switched on, used and rebooted like somebody's own. Disposing pulls the plug and throws the disks away.</summary>
public sealed partial class DebianPhone : IDisposable
{
    /// <summary>From the opened root to a shell; a busy machine takes several times the usual 20 s.</summary>
    public static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(4);

    /// <summary>For what makes an initramfs on an emulated processor.</summary>
    public static readonly TimeSpan LongTimeout = TimeSpan.FromMinutes(6);

    private static readonly TimeSpan HostTimeout = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("unlock-agent-debian");
    private readonly string name;
    private readonly VirtualCard card;
    private readonly string root, boot;
    private readonly List<string> sticks = [];
    private Phone? phone;
    private int boots;

    /// <summary>A phone with copies of a system's disks; it is off.</summary>
    /// <param name="name">Names it in messages and in the files of a failure.</param>
    /// <param name="card">A card that can be put in; others can be as well.</param>
    public DebianPhone(DebianSystem system, string name, VirtualCard card)
    {
        (this.name, this.card) = (name, card);
        root = Path.Combine(folder.FullName, "root.img");
        boot = Path.Combine(folder.FullName, "boot.img");
        File.Copy(system.Root, root);
        File.Copy(system.Boot, boot);
    }

    /// <summary>The machine since it was last switched on.</summary>
    public Phone Phone => phone ?? throw new InvalidOperationException($"{name} is off");

    /// <summary>The person's terminal; a shell is logged in once the system is up.</summary>
    public GuestTerminal Terminal => Phone.Terminal;

    /// <summary>It was switched on and not off again.</summary>
    public bool IsOn => phone is not null;

    /// <summary>How often it was switched on.</summary>
    public int Boots => boots;

    /// <summary>Plugs in a disk with a folder's files, for the next boot: /dev/vdc, the next one /dev/vdd.</summary>
    public void AddStick(string files)
    {
        string stick = Path.Combine(folder.FullName, $"stick{sticks.Count}.img");
        HostCommand.Run(["mkfs.ext4", "-q", "-d", files, stick, "64M"], HostTimeout);
        sticks.Add(stick);
    }

    /// <summary>Switches it on with what lies in its /boot.</summary>
    /// <param name="inReader">The card that is in the reader from the start; null: none.</param>
    public void SwitchOn(VirtualCard? inReader = null)
    {
        string kernel = Path.Combine(folder.FullName, "vmlinuz"), initrd = Path.Combine(folder.FullName, "initrd.img");
        string version = Version().Match(ReadBoot("ls /")).Groups[1].Value;
        ReadBoot($"dump /vmlinuz-{version} {kernel}");
        ReadBoot($"dump /initrd.img-{version} {initrd}");
        phone = Phone.Boot(new PhoneOptions(kernel, initrd, root, $"{name}-{++boots}")
        {
            Card = card,
            KeepsWrites = true,
            MoreDisks = [boot, .. sticks],
            HasTerminal = true,

            // Each system call would throw away what QEMU has translated of the page tables.
            ExtraCommandLine = "quiet mitigations=off",
        });
        if (inReader is not null)
        {
            phone.InsertCard(inReader);
        }
    }

    /// <summary>Waits until the opened system is up: its own shell answers in place of the initramfs' one, and so does the terminal's.</summary>
    /// <exception cref="PhoneException">It did not in time.</exception>
    public void WaitForSystem()
    {
        Phone.WaitForNextShell(StartTimeout);
        Terminal.WaitFor(Prompt(), Phone.StepTimeout);
    }

    /// <summary>Types a command at the terminal and waits for its end.</summary>
    /// <returns>What it showed, without escape sequences, and its exit status.</returns>
    /// <exception cref="PhoneException">It did not end in time.</exception>
    public GuestResult Type(string command, TimeSpan timeout)
    {
        Terminal.TypeLine(command);
        return WaitForEnd(timeout);
    }

    /// <summary>Waits for the end of the command at the terminal.</summary>
    /// <returns>What it showed since the last thing that was waited for, and its exit status.</returns>
    /// <exception cref="PhoneException">It did not end in time.</exception>
    public GuestResult WaitForEnd(TimeSpan timeout)
    {
        string shown = Terminal.WaitFor(Prompt(), timeout);
        Match prompt = Prompt().Match(shown);
        return new GuestResult(int.Parse(prompt.Groups[1].Value), shown[..prompt.Index]);
    }

    /// <summary>Types what switches the system off or reboots it, and waits until it has; the machine is off then.</summary>
    /// <param name="command">"systemctl poweroff", "reboot".</param>
    /// <returns>QEMU's reason: "guest-shutdown", "guest-reset".</returns>
    /// <exception cref="PhoneException">It did not in time.</exception>
    public string Leave(string command)
    {
        Terminal.TypeLine(command);
        string reason = Phone.WaitForEvent("SHUTDOWN", StartTimeout);
        PullThePlug();
        return reason;
    }

    /// <summary>Power off without a word to the system.</summary>
    public void PullThePlug()
    {
        phone?.Dispose();
        phone = null;
    }

    public void Dispose()
    {
        PullThePlug();
        folder.Delete(recursive: true);
    }

    private string ReadBoot(string request) => HostCommand.Run(["debugfs", "-R", request, boot], HostTimeout);

    [GeneratedRegex("vmlinuz-([^ ]+)")]
    private static partial Regex Version();

    [GeneratedRegex(@"\[([0-9]+)\] root@phone# $")]
    private static partial Regex Prompt();
}
