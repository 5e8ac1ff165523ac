// SPDX-License-Identifier: GPL-3.0-or-later
//
// A person's whole path.

using System.Diagnostics;
using System.Text.RegularExpressions;
using CardSimulator;
using EmulatedPhone;

namespace Boot.Tests;

public sealed partial class WholePathTests(ITestOutputHelper output)
{
    private readonly long start = Stopwatch.GetTimestamp();

    [Fact]
    public void Infrastructure()
    {
        DebianSystem system = DebianSystem.Get("bookworm", KeySet.Passphrase);
        Say("system");
        using var phone = new DebianPhone(system, "whole-path", KeySet.Get("rsa2048").NewCard());
        try
        {
            phone.SwitchOn();
            phone.Phone.PlugKeyboard();
            phone.Phone.WaitForShell(Phone.BootTimeout);
            phone.Phone.WaitForGuest("cat /dev/vcs1", TextPrompt(), Phone.BootTimeout);
            Say("prompt");
            phone.Phone.TypeText(KeySet.Passphrase);
            phone.Phone.TypeKey("ret");
            phone.WaitForSystem();
            phone.Phone.Screenshot().SavePng("/tmp/proof-up.png");
            Say("system is up");
            Say(phone.Type("systemctl is-system-running --wait; systemd-analyze; systemd-analyze blame | head -n 30 | cat", Phone.BootTimeout).Output);
            Say(phone.Type("systemctl --failed --no-pager; free -m; df -h; systemctl list-units --no-pager | cat", Phone.StepTimeout).Output);
            Say(phone.Type("time update-initramfs -u", DebianPhone.LongTimeout).Output);
            Say(phone.Leave("reboot"));
            phone.SwitchOn();
            phone.Phone.PlugKeyboard();
            phone.Phone.WaitForShell(Phone.BootTimeout);
            phone.Phone.WaitForGuest("cat /dev/vcs1", TextPrompt(), Phone.BootTimeout);
            Say("prompt");
        }
        finally
        {
            File.WriteAllText("/tmp/proof-terminal.txt", phone.Terminal.Text);
        }
    }

    private void Say(string what)
    {
        string line = $"{Stopwatch.GetElapsedTime(start).TotalSeconds,6:0.0} {what}";
        output.WriteLine(line);
        Console.WriteLine(line);
    }

    [GeneratedRegex($"Please unlock disk {LuksDisk.MappingName}")]
    private static partial Regex TextPrompt();
}
