// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the agent costs, measured in the emulated phone and written to out/figures.txt: bytes, wake-ups, memory. All are
// counts, so all are gates.

using System.Globalization;
using System.Text.RegularExpressions;
using EmulatedPhone;

namespace Boot.Tests;

[CollectionDefinition(nameof(FiguresTests), DisableParallelization = true)]
[Collection(nameof(FiguresTests))]
public sealed partial class FiguresTests
{
    [Theory]
    [InlineData("bookworm")]
    [InlineData("trixie")]
    public void The_hook_adds_at_most_8_MB_to_the_initramfs(string suite)
    {
        byte[] keyFile = KeySet.Get("rsa2048").KeyFile;
        long with = new FileInfo(PhoneImage.WithAgent(suite, keyFile).Initrd).Length;
        long without = new FileInfo(PhoneImage.WithTextPrompt(suite).Initrd).Length;
        Figures.Write($"{suite}: the hook adds {(with - without) / 1e6:F2} MB to the initramfs ({without / 1e6:F2} MB without)");
        Assert.InRange(with - without, 1, 8_000_000);
    }

    [Theory]
    [InlineData("bookworm")]
    [InlineData("trixie")]
    public void At_the_PIN_pad_nothing_wakes_up_and_memory_stays_small(string suite)
    {
        using Lab lab = Lab.WithAgent(suite, "idle", out _);
        Phone phone = lab.Phone;
        phone.InsertCard();
        phone.WaitFor(PadScreen.Pin(3), "the PIN pad", Phone.BootTimeout);
        // The card service tells once more of a card some seconds after it came.
        phone.RunInGuest("sleep 10", Phone.StepTimeout);

        GuestResult idle = phone.RunInGuest(
            $"p={AgentProcess.Pid}; count() {{ cat /proc/$p/task/*/status | awk '/ctxt_switches/ {{ n += $2 }} END {{ print \"switches\", n }}'; }}; " +
            "count; sleep 10; count; grep -E 'VmRSS|VmHWM' /proc/$p/status",
            Phone.StepTimeout);
        long[] switches = [.. Switches().Matches(idle.Output).Select(m => Number(m))];
        long resident = Number(Resident().Match(idle.Output));
        Figures.Write($"{suite}: at the PIN pad {switches[1] - switches[0]} wake-ups in 10 s, {resident / 1024.0:F1} MB resident");
        Assert.Equal(switches[0], switches[1]);
        Assert.InRange(resident, 1, 30 * 1024);
    }

    private static long Number(Match match) => long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex("switches ([0-9]+)")]
    private static partial Regex Switches();

    [GeneratedRegex("VmRSS:\\s+([0-9]+) kB")]
    private static partial Regex Resident();
}
