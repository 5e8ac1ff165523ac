// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the agent costs, measured in the emulated phone and written to out/figures.txt: bytes, wake-ups, memory, commands to the card.
// All are counts, so all are gates; those that are the same each time are held to figures.tsv.

using System.Globalization;
using System.Text.RegularExpressions;
using CardSimulator;
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

    /// <summary>
    /// Each part compressed by itself, so that what Debian packages again or another kernel's modules change nothing here. Their parts
    /// are written down beside ours and held by the test above.
    /// </summary>
    [Theory]
    [InlineData("bookworm")]
    [InlineData("trixie")]
    public void Our_own_parts_of_the_initramfs_do_not_grow(string suite)
    {
        IReadOnlyList<ImagePart> parts = ImagePart.Of(PhoneImage.WithAgent(suite, KeySet.Get("rsa2048").KeyFile), PhoneImage.WithTextPrompt(suite));
        string list = string.Join(", ", parts.Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Name} {part.Bytes / 1e6:F2}")));
        Figures.Write($"{suite}: MB of the initramfs, each part by itself: {list}");
        double Bytes(params string[] names) => names.Sum(name => parts.Single(part => part.Name == name).Bytes);
        Baseline.Check("bytes of the agent", suite, Bytes(ImagePart.Agent));
        Baseline.Check("bytes of libSkiaSharp", suite, Bytes(ImagePart.Skia));
        Baseline.Check("bytes of scripts and stand-ins", suite, Bytes(ImagePart.Scripts, ImagePart.StandIns));
    }

    [Theory]
    [InlineData("bookworm")]
    [InlineData("trixie")]
    public void At_the_PIN_pad_nothing_wakes_up_and_memory_stays_small_and_one_unlock_asks_the_card_no_more_than_it_must(string suite)
    {
        using Lab lab = Lab.WithAgent(suite, "idle", out VirtualCard card);
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
        Baseline.Check("wake-ups at the PIN pad", suite, switches[1] - switches[0]);
        Assert.InRange(resident, 1, 30 * 1024);

        phone.TapText(PadScreen.Pin(3), KeySet.Pin + "\n");
        lab.AssertRootOpened();
        Baseline.Check("commands to the card of one unlock", suite, card.Log.Count);
    }

    private static long Number(Match match) => long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex("switches ([0-9]+)")]
    private static partial Regex Switches();

    [GeneratedRegex("VmRSS:\\s+([0-9]+) kB")]
    private static partial Regex Resident();
}
