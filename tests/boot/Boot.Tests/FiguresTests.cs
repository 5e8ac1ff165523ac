// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the agent costs, measured in the emulated phone and written to out/figures.txt: bytes, wake-ups, memory, and
// instructions until the first frame. All are counts, so all are gates.

using System.Globalization;
using System.Text.RegularExpressions;
using EmulatedPhone;

namespace Boot.Tests;

[CollectionDefinition(nameof(FiguresTests), DisableParallelization = true)]
[Collection(nameof(FiguresTests))]
public sealed partial class FiguresTests
{
    private const int Rounds = 5;
    private static readonly string Figures = Path.Combine(Repository.Out, "figures.txt");

    [Theory]
    [InlineData("bookworm")]
    [InlineData("trixie")]
    public void The_hook_adds_at_most_8_MB_to_the_initramfs(string suite)
    {
        byte[] keyFile = KeySet.Get("rsa2048").KeyFile;
        long with = new FileInfo(PhoneImage.WithAgent(suite, keyFile).Initrd).Length;
        long without = new FileInfo(PhoneImage.WithTextPrompt(suite).Initrd).Length;
        Write($"{suite}: the hook adds {(with - without) / 1e6:F2} MB to the initramfs ({without / 1e6:F2} MB without)");
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
            $"p={Lab.AgentPid}; count() {{ cat /proc/$p/task/*/status | awk '/ctxt_switches/ {{ n += $2 }} END {{ print \"switches\", n }}'; }}; " +
            "count; sleep 10; count; grep -E 'VmRSS|VmHWM' /proc/$p/status",
            Phone.StepTimeout);
        long[] switches = [.. Switches().Matches(idle.Output).Select(m => Number(m))];
        long resident = Number(Resident().Match(idle.Output));
        Write($"{suite}: at the PIN pad {switches[1] - switches[0]} wake-ups in 10 s, {resident / 1024.0:F1} MB resident");
        Assert.Equal(switches[0], switches[1]);
        Assert.InRange(resident, 1, 30 * 1024);
    }

    /// <summary>
    /// The agent and Debian 13's unl0kr draw their first frame in turn, in one boot, watched from outside. The guest's clock
    /// counts instructions: the wall clock would measure the emulator's translating of code that runs once, and whatever
    /// else the host does.
    /// </summary>
    [Fact]
    public void The_first_frame_takes_at_most_0_6_of_what_unl0kr_takes()
    {
        using Lab lab = Lab.WithAgent("trixie", "first-frame", out _, options => options with { CountsInstructions = true });
        Phone phone = lab.Phone;
        phone.WaitFor(PadScreen.InsertCard, "the wish for a card", Phone.BootTimeout);
        phone.SendFile("/first-frame", Compile("first-frame"));
        phone.RunInGuest($"kill -9 {Lab.AgentPid}", Phone.StepTimeout);

        List<double> agent = [], peer = [];
        for (int round = 0; round <= Rounds; round++)
        {
            double ours = FirstFrame(phone, $"/usr/lib/unlock-agent/unlock-agent {PhoneImage.KeyFilePath}");
            double theirs = FirstFrame(phone, "/usr/bin/unl0kr");

            // The first round warms both up.
            if (round > 0)
            {
                agent.Add(ours);
                peer.Add(theirs);
            }
        }

        double[] ratios = [.. agent.Zip(peer, (a, b) => a / b).Order()];
        Write(
            $"first frame, an instruction counted as a nanosecond: {Median(agent):F0} ms, unl0kr {Median(peer):F0} ms; ratio {ratios[Rounds / 2]:F2} ({ratios[0]:F2} to {ratios[^1]:F2})");
        Assert.All(agent, time => Assert.True(time > 0, "the agent drew nothing"));
        Assert.All(peer, time => Assert.True(time > 0, "unl0kr drew nothing"));
        Assert.InRange(ratios[Rounds / 2], 0, 0.6);
    }

    private static double FirstFrame(Phone phone, string command)
    {
        // Text again, so that both start from the same screen and the console has stopped painting.
        phone.RunInGuest("/usr/lib/unlock-agent/unlock-agent --restore-console; sleep 1", Phone.StepTimeout);
        string output = phone.RunInGuest("/first-frame " + command, Phone.StepTimeout).Output;
        Match match = FirstFrameLine().Match(output);
        Assert.True(match.Success, output);
        return double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
    }

    private static byte[] Compile(string name)
    {
        string source = Path.Combine(Repository.Root, "tests", "boot", name, name + ".c");
        string program = Path.GetTempFileName();
        HostCommand.Run(["cc", "-O2", "-Wall", "-Wextra", "-Werror", "-o", program, source], Phone.StepTimeout);
        byte[] bytes = File.ReadAllBytes(program);
        File.Delete(program);
        return bytes;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static long Number(Match match) => long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);

    private static void Write(FormattableString line)
    {
        string text = line.ToString(CultureInfo.InvariantCulture);
        TestContext.Current.TestOutputHelper?.WriteLine(text);
        File.AppendAllText(Figures, text + "\n");
    }

    [GeneratedRegex("switches ([0-9]+)")]
    private static partial Regex Switches();

    [GeneratedRegex("VmRSS:\\s+([0-9]+) kB")]
    private static partial Regex Resident();

    [GeneratedRegex("first-frame ([0-9.-]+)")]
    private static partial Regex FirstFrameLine();
}
