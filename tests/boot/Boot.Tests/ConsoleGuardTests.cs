// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is typed on a hardware keyboard while the agent owns the screen, and between two of its tries, reaches no terminal: not
// its text, not its line, not the kernel's own keys. And an agent that crashes leaves no core.

using System.Text.RegularExpressions;
using EmulatedPhone;
using UnlockAgent.Machine;

namespace Boot.Tests;

public sealed partial class ConsoleGuardTests
{
    // Two letters that no word of the console's has side by side.
    private const string Typed = "qj";

    // What the terminal shows, and the lines that it holds for whoever reads it next.
    private const string Terminal = "cat /dev/vcs1; timeout 1 cat /dev/tty1; cat /sys/class/tty/tty0/active";

    [Theory]
    [InlineData("bookworm")]
    public void Nothing_typed_at_the_pad_or_between_two_tries_reaches_a_terminal_and_a_crash_leaves_no_core(string suite)
    {
        using Lab lab = Lab.WithAgent(suite, "console", out _, options => options with { ExtraCommandLine = "break=bottom" });
        Phone phone = lab.Phone;
        phone.PlugKeyboard();
        phone.WaitFor(PadScreen.InsertCard, "the wish for a card", Phone.BootTimeout);
        AgentProcess.WaitForInputs(phone, 2);

        // A terminal that nobody ever opened cannot be switched to.
        phone.RunInGuest(": >/dev/tty2", Phone.StepTimeout);
        StrikeLine(phone);
        StrikeKernelKeys(phone);
        phone.WaitFor(PadScreen.InsertCard, "the wish for a card as before", Phone.StepTimeout);
        AssertNothingCame(phone);

        // The next try's agent, which will crash, is started by somebody who has nothing against cores.
        phone.RunInGuest("sed -i '2i ulimit -c unlimited' /lib/cryptsetup/scripts/unlock-agent", Phone.StepTimeout);
        phone.TapUsePassphrase(PadScreen.InsertCard);
        phone.WaitFor(PadScreen.Keyboard(), "the keyboard", Phone.StepTimeout);
        TypeThroughTheGap(phone);
        AssertNothingCame(phone);

        AssertCrashLeavesNoCore(phone);
        phone.WaitForGuest("pidof askpass", new Regex("."), Phone.StepTimeout);
        StrikeSwitchingKeys(phone);
        AssertTerminalIs(phone, "tty2");
        phone.TypeKey("alt", "f1");
        AssertTerminalIs(phone, "tty1");
        phone.TypeText(KeySet.Passphrase);
        phone.TypeKey("ret");

        // The control: the rescue shell does what is typed, and shows it; the kernel obeys its keys.
        phone.WaitForGuest("cat /dev/vcs1", RescueShell(), Phone.StepTimeout);
        foreach (string key in (string[])["m", "k", "d", "i", "r", "spc", "slash", "q", "j", "ret"])
        {
            phone.TypeKey(key);
        }

        phone.WaitForGuest("ls -d /qj; cat /dev/vcs1", new Regex("^/qj(.|\n)*mkdir /qj"), Phone.StepTimeout);
        StrikeKernelKeys(phone);
        phone.WaitForEvent("RESET", Phone.StepTimeout);
    }

    private static void StrikeLine(Phone phone)
    {
        foreach (char letter in Typed)
        {
            phone.StrikeKey(letter.ToString());
        }

        phone.StrikeKey("ret");
    }

    /// <summary>Interrupt, another terminal, a restart, and the kernel's own keys: a sync, which it says, and a restart.</summary>
    private static void StrikeKernelKeys(Phone phone)
    {
        phone.TypeKey("ctrl", "c");
        StrikeSwitchingKeys(phone);
        phone.TypeKey("alt", "print", "s");
        phone.TypeKey("alt", "print", "b");
        phone.TypeKey("ctrl", "alt", "delete");
    }

    private static void StrikeSwitchingKeys(Phone phone) => phone.TypeKey("alt", "f2");

    private static void AssertTerminalIs(Phone phone, string name) =>
        phone.WaitForGuest("cat /sys/class/tty/tty0/active", new Regex($"^{name}$", RegexOptions.Multiline), Phone.StepTimeout);

    private static void AssertNothingCame(Phone phone)
    {
        string found = phone.RunInGuest(Terminal, Phone.StepTimeout).Output;
        Assert.DoesNotContain(Typed, found, StringComparison.Ordinal);
        Assert.EndsWith("tty1\n", found, StringComparison.Ordinal);
        Assert.DoesNotContain("sysrq:", phone.Console.Tail(int.MaxValue), StringComparison.Ordinal);
    }

    /// <summary>A wrong passphrase, and keys as fast as they go from its Enter until the next try draws.</summary>
    private static void TypeThroughTheGap(Phone phone)
    {
        int before = phone.Console.Count;
        phone.TypeText("wrong");
        phone.StrikeKey("ret");
        while (phone.Console.WaitFor(FirstFrame(), TimeSpan.Zero, before) is null)
        {
            StrikeLine(phone);
        }

        // The rest of it may have been a passphrase too; this agent or the next one stands there in the end, with nothing typed.
        phone.WaitForConsole(new Regex("unlock-agent: Wrong passphrase"), Phone.StepTimeout, before);
        phone.ReleaseKeys("q", "j", "ret");
        phone.TypeKey("esc");
        AgentProcess.WaitForInputs(phone, 2);
        Picture[] pads = [PadScreen.WrongPassphrase.Draw(phone.Width, phone.Height), PadScreen.Keyboard().Draw(phone.Width, phone.Height)];
        phone.WaitForScreen("the pad", screen => pads.Any(pad => pad.CountDifferences(screen, Phone.EdgeLevels) == 0), Phone.StepTimeout);
    }

    private static void AssertCrashLeavesNoCore(Phone phone)
    {
        const string Control = "echo /run/core.%e >/proc/sys/kernel/core_pattern; sh -c 'ulimit -c unlimited; kill -SEGV $$'; [ -s /run/core.sh ]";
        Assert.Equal(0, phone.RunInGuest(Control, Phone.StepTimeout).Status);
        phone.TypeText(Typed);
        Assert.Equal("", phone.RunInGuest($"kill -ABRT {AgentProcess.Pid}", Phone.StepTimeout).Output);
        phone.WaitForConsole(Crashed(), Phone.StepTimeout);
        Assert.Equal("/run/core.sh\n", phone.RunInGuest("ls /run/core.*", Phone.StepTimeout).Output);
    }

    [GeneratedRegex("unlock-agent: first frame")]
    private static partial Regex FirstFrame();

    [GeneratedRegex("unlock-agent: ended with status 134")]
    private static partial Regex Crashed();

    [GeneratedRegex(@"\(initramfs\)")]
    private static partial Regex RescueShell();
}
