// SPDX-License-Identifier: GPL-3.0-or-later
//
// A boot in which everything that can speak does: the kernel and initramfs-tools in their debug modes, all levels on the serial port.
// A known PIN is tapped, a known passphrase typed on a keyboard and shown in the clear. Then all that was said or stored is searched,
// and the screen is looked at: neither holds a character, a place on the glass, a key, or how many there were.

using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using CardSimulator;
using EmulatedPhone;
using UnlockAgent.Machine;

namespace Boot.Tests;

public sealed partial class LogSecrecyTests
{
    // Digits and letters that nothing else in a boot has in this order. The evdev codes of the letters (linux/input-event-codes.h).
    private const string WrongPin = "80417263", WrongPassphrase = "zkvwxq";
    private static readonly int[] KeyCodes = [44, 37, 47, 17, 45, 16];

    // The levels of all there is; the second is initramfs-tools', which then traces its scripts into a file.
    private const string Loud = "ignore_loglevel debug printk.devkmsg=on";

    // The frame stays for systemd to clear. There is none on this root, whose own init is taken in the end.
    private const string ForSystemd = " init=/lib/systemd/systemd";

    // Behind the last script of the initramfs, while there still is something to look at it with.
    private const string Hold = "touch /run/hold; echo 'while [ -e /run/hold ]; do sleep 0.1; done' >>/scripts/local-bottom/ORDER";

    // All that the initramfs keeps: the kernel's buffer (whose end the boot's debug messages may push out, but for the console's copy), the
    // service's log, what initramfs-tools traced, and whatever else lies under /run.
    private const string Stored =
        "dmesg; find /run /var/log /tmp -xdev -type f 2>/dev/null | while read -r file; do echo \"== $file\"; cat \"$file\"; done";

    [Fact]
    public void No_log_on_any_level_holds_a_PIN_a_passphrase_a_key_or_a_place_on_the_glass_and_the_last_frame_shows_none()
    {
        using Lab lab = Lab.WithAgent("trixie", "logs", out VirtualCard card, options => options with { ExtraCommandLine = Loud + ForSystemd });
        Phone phone = lab.Phone;
        phone.PlugKeyboard();
        phone.InsertCard();
        phone.WaitFor(PadScreen.Pin(3), "the PIN pad", Phone.BootTimeout);
        AgentProcess.WaitForInputs(phone, 2);
        phone.RunInGuest("echo '<7>lowest-level' >/dev/kmsg; " + Hold, Phone.StepTimeout);

        phone.TapText(PadScreen.Pin(3), WrongPin + "\n");
        phone.WaitFor(PadScreen.Pin(2, wrong: true), "a wrong PIN", Phone.StepTimeout);
        AssertNoProcessLeavesACore(phone);

        TypeWrongPassphraseInTheClear(phone);
        phone.TapUseCard();
        phone.WaitFor(PadScreen.Pin(2), "the PIN pad", Phone.StepTimeout);
        phone.TapText(PadScreen.Pin(2), KeySet.Pin + "\n");
        phone.WaitForConsole(new Regex("unlock-agent: root open"), Phone.StepTimeout);
        AssertLastFrameShowsNothing(phone);
        AssertLogsHoldNothing(phone);

        phone.RunInGuest("rm /run/hold", Phone.StepTimeout);
        lab.AssertRootOpened();
        Assert.Equal((2, 3), (card.VerifyCount, card.UserTriesLeft));
    }

    /// <summary>What the screen shows in the clear is gone with the Enter that hands it over, before anybody knows whether it is right.</summary>
    private static void TypeWrongPassphraseInTheClear(Phone phone)
    {
        phone.TapUsePassphrase(PadScreen.Pin(2, wrong: true));
        phone.WaitFor(PadScreen.Keyboard(), "the keyboard", Phone.StepTimeout);
        phone.TypeText(WrongPassphrase);
        Picture dots = phone.WaitFor(PadScreen.Keyboard(WrongPassphrase.Length), "dots", Phone.StepTimeout);
        phone.TapAction(PadScreen.Keyboard(), ButtonAction.Reveal);
        phone.WaitForScreen("the passphrase", screen => screen.CountDifferences(dots, Phone.EdgeLevels) > 500, Phone.StepTimeout);
        phone.StrikeKey("ret");
        phone.WaitFor(PadScreen.Opening, "the last frame of a try, without what was shown in the clear", Phone.StepTimeout);
        phone.WaitFor(PadScreen.WrongPassphrase, "that it opens nothing", Phone.StepTimeout);
        phone.WaitForConsole(new Regex("unlock-agent: Wrong passphrase"), Phone.StepTimeout);
    }

    /// <summary>Neither the agent nor the service that a PIN goes through, and there is nowhere to swap their memory to.</summary>
    private static void AssertNoProcessLeavesACore(Phone phone)
    {
        foreach (string process in (string[])[AgentProcess.Pid, "$(cat /run/unlock-agent/pcscd.pid)"])
        {
            Assert.Matches(NoCore(), phone.RunInGuest($"cat /proc/{process}/limits", Phone.StepTimeout).Output);
        }

        Assert.Equal("Filename\n", NotSwapped().Replace(phone.RunInGuest("cat /proc/swaps", Phone.StepTimeout).Output, ""));
        string service = phone.RunInGuest("tr '\\0' ' ' </proc/$(cat /run/unlock-agent/pcscd.pid)/cmdline", Phone.StepTimeout).Output;
        Assert.Equal("/usr/lib/unlock-agent/pcscd --foreground --disable-polkit ", service);

        // The secrets' pages: locked (lo), and in no dump (dd).
        string maps = phone.RunInGuest($"cat /proc/{AgentProcess.Pid}/smaps", Phone.StepTimeout).Output;
        Assert.Contains(VmFlags().Matches(maps), flags => flags.Value.Split(' ').Intersect(["lo", "dd"]).Count() == 2);
    }

    private static void AssertLastFrameShowsNothing(Phone phone)
    {
        Picture screen = phone.WaitFor(PadScreen.Opening, "the last frame, as on every phone", Phone.StepTimeout);

        // The device's memory is what is seen, and nothing beside it.
        byte[] memory = new byte[screen.Width * screen.Height * 4];
        for (int i = 0; i < memory.Length / 4; i++)
        {
            int pixel = screen[i % screen.Width, i / screen.Width];
            (memory[i * 4], memory[(i * 4) + 1], memory[(i * 4) + 2], memory[(i * 4) + 3]) = ((byte)pixel, (byte)(pixel >> 8), (byte)(pixel >> 16), 0xFF);
        }

        Assert.StartsWith(Convert.ToHexStringLower(MD5.HashData(memory)), phone.RunInGuest("md5sum /dev/fb0", Phone.StepTimeout).Output, StringComparison.Ordinal);
    }

    private static void AssertLogsHoldNothing(Phone phone)
    {
        // A record's time is six digits after a point.
        string said = Times().Replace(phone.Console.Tail(int.MaxValue), "");
        string stored = Times().Replace(phone.RunInGuest(Stored, Phone.StepTimeout).Output, "");
        var needles = Needles(phone).ToList();

        // The control: every level speaks, every file is read, and each secret would be found.
        Assert.Contains("lowest-level", said, StringComparison.Ordinal);
        Assert.Contains("unlock-agent: Wrong PIN", said, StringComparison.Ordinal);
        Assert.Contains("unlock-agent: Wrong passphrase", stored, StringComparison.Ordinal);
        Assert.Contains("== /run/unlock-agent/pcscd.log", stored, StringComparison.Ordinal);
        Assert.Contains("== /run/initramfs/initramfs.debug", stored, StringComparison.Ordinal);
        Assert.All(needles, needle => Assert.Matches(needle.Pattern, said + needle.Example));

        string found = string.Join('\n', needles.SelectMany(needle => needle.Pattern.Matches(said + stored).Select(match => $"{needle.Pattern}: {match}")));
        Assert.Equal("", found);
    }

    private static IEnumerable<(Regex Pattern, string Example)> Needles(Phone phone)
    {
        foreach (string secret in (string[])[WrongPin, KeySet.Pin, WrongPassphrase, KeySet.Passphrase])
        {
            yield return Text(secret);
            yield return Bytes(Encoding.ASCII.GetBytes(secret));
            yield return Text(Convert.ToBase64String(Encoding.ASCII.GetBytes(secret)));
        }

        byte[] key = KeySet.Get(Lab.AlgorithmOf("trixie")).LuksKey;
        yield return Bytes(key[..8]);
        yield return Bytes(key[^8..]);
        yield return Text(Convert.ToBase64String(key)[..12]);
        yield return InOrder(KeyCodes);
        foreach (char digit in (WrongPin + KeySet.Pin).Distinct())
        {
            (int x, int y) = phone.PlaceOf(PadScreen.Pin(3), digit);
            yield return InOrder([x, y]);
            yield return InOrder([Phone.OnAxis(x, phone.Width), Phone.OnAxis(y, phone.Height)]);
        }
    }

    private static (Regex Pattern, string Example) Text(string text) => (new(Regex.Escape(text)), $"<{text}>");

    /// <summary>Bytes in hexadecimal, whatever stands between them.</summary>
    private static (Regex Pattern, string Example) Bytes(byte[] bytes) => (
        new(string.Join("[^0-9A-Fa-f]{0,3}(0x)?", bytes.Select(one => one.ToString("X2"))), RegexOptions.IgnoreCase),
        string.Join(' ', bytes.Select(one => one.ToString("x2"))));

    /// <summary>Numbers one soon after the other.</summary>
    private static (Regex Pattern, string Example) InOrder(int[] numbers) => (
        new(@"\b" + string.Join(@"\b[^0-9\n]{1,12}\b", numbers) + @"\b"), string.Join(", y=", numbers));

    [GeneratedRegex(@"Max core file size +0 +0 ")]
    private static partial Regex NoCore();

    [GeneratedRegex("\t.*")]
    private static partial Regex NotSwapped();

    [GeneratedRegex("(?<=VmFlags: ).*")]
    private static partial Regex VmFlags();

    [GeneratedRegex(@"^(\[ *[0-9]+\.[0-9]{6}\] )", RegexOptions.Multiline)]
    private static partial Regex Times();
}
