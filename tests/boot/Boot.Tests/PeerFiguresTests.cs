// SPDX-License-Identifier: GPL-3.0-or-later
//
// The agent beside Debian 13's unl0kr in the same boot, watched from outside and counted in instructions: first frame, key
// press to changed pixels, processor time of 100 key presses. Written to out/figures.txt, and gates.

using System.Globalization;
using System.Text.RegularExpressions;
using EmulatedPhone;
using PhoneBench;
using UnlockAgent.Machine;
using UnlockAgent.Screen;

namespace Boot.Tests;

[Collection(nameof(FiguresTests))]
public sealed partial class PeerFiguresTests(PeerPhone lab) : IClassFixture<PeerPhone>
{
    private const int Rounds = 5, Presses = 20, ManyPresses = 100;

    // The same letter on unl0kr's keyboard on a screen of 720×1440, as a screenshot shows it.
    private static readonly Box peerKey = new(164, 1083, 237, 1194);

    [Fact]
    public void The_first_frame_takes_at_most_0_6_of_what_unl0kr_takes()
    {
        List<double> agent = [], peer = [];
        for (int round = 0; round <= Rounds; round++)
        {
            double ours = FirstFrame(PeerPhone.Agent);
            double theirs = FirstFrame(PeerPhone.Peer);

            // The first round warms both up.
            if (round > 0)
            {
                agent.Add(ours);
                peer.Add(theirs);
            }
        }

        double[] ratios = [.. agent.Zip(peer, (a, b) => a / b).Order()];
        Figures.Write(
            $"first frame, an instruction counted as a nanosecond: {Statistics.Median(agent):F2} ms ({agent.Min():F2} to {agent.Max():F2}), unl0kr {Statistics.Median(peer):F2} ms; ratio {ratios[Rounds / 2]:F2} ({ratios[0]:F2} to {ratios[^1]:F2})");
        Assert.All(agent, time => Assert.True(time > 0, "the agent drew nothing"));
        Assert.All(peer, time => Assert.True(time > 0, "unl0kr drew nothing"));
        Assert.InRange(ratios[Rounds / 2], 0, 0.6);
        Baseline.Check("first frame", "trixie", lab.Kernel, Statistics.Median(agent));
    }

    /// <summary>
    /// From the event to the first changed pixel of the key, in the memory of /dev/fb0: what the kernel then does to bring it
    /// to the panel is left out, in unl0kr's favour, whose mapped writes wait there for a further timer.
    /// </summary>
    [Fact]
    public void A_key_press_changes_pixels_in_at_most_half_of_unl0krs_time()
    {
        double[] agent = PressToPixels(PeerPhone.Agent, Keyboard(), AgentKey);
        double[] peer = PressToPixels(PeerPhone.Peer, [], peerKey);
        double ratio = Statistics.Median(agent) / Statistics.Median(peer);
        Figures.Write(
            $"key press to changed pixels: {Statistics.Median(agent):F2} ms ({agent.Min():F2} to {agent.Max():F2}), unl0kr {Statistics.Median(peer):F2} ms ({peer.Min():F2} to {peer.Max():F2}); ratio {ratio:F2}");
        Assert.Equal((Presses, Presses), (agent.Length, peer.Length));
        Assert.InRange(ratio, 0, 0.5);
    }

    /// <summary>The time that each uses without a touch is taken off: unl0kr looks for work many times a second.</summary>
    [Fact]
    public void A_hundred_key_presses_take_at_most_half_of_unl0krs_processor_time()
    {
        (double agent, double agentIdle) = ManyPressesCost(PeerPhone.Agent, Keyboard(), AgentKey);
        (double peer, double peerIdle) = ManyPressesCost(PeerPhone.Peer, [], peerKey);
        double ratio = (agent - agentIdle) / (peer - peerIdle);
        Figures.Write(
            $"{ManyPresses} key presses: {agent - agentIdle:F2} ms of processor time, unl0kr {peer - peerIdle:F2} ms; ratio {ratio:F2} (without a touch for that long: {agentIdle:F1} ms, unl0kr {peerIdle:F1} ms)");
        Assert.True(agent > agentIdle && peer > peerIdle);
        Assert.InRange(ratio, 0, 0.5);
        Baseline.Check("100 key presses", "trixie", lab.Kernel, agent - agentIdle);
    }

    private double[] PressToPixels(string program, string[] before, Box key)
    {
        lab.Start(program);
        lab.Player.Play(before, Phone.StepTimeout);
        string watch = $"watch {key.Left} {key.Top} {key.Right} {key.Bottom}";

        // Of uneven lengths, so that presses meet a program that looks at times at all of its moments.
        string[] press = ["start", watch, Down(key), "changed", "start", "wait 107", "up finger 0", "wait 144"];
        string printed = lab.Player.Play(Enumerable.Repeat(press, Presses).SelectMany(lines => lines), Phone.StepTimeout);
        lab.Stop();
        return [.. ChangedLine().Matches(printed).Select(Number)];
    }

    private (double Pressed, double Idle) ManyPressesCost(string program, string[] before, Box key)
    {
        const int Down = 40, Up = 27, Settle = 500;
        string cpu = "cpu " + program, settle = $"wait {Settle}";
        string[] press = [PeerFiguresTests.Down(key), $"wait {Down}", "up finger 0", $"wait {Up}"];
        lab.Start(program);
        string printed = lab.Player.Play(
            [
                .. before, "start", settle, cpu, $"wait {(ManyPresses * (Down + Up)) + Settle}", cpu,
                .. Enumerable.Repeat(press, ManyPresses).SelectMany(lines => lines), settle, cpu,
            ],
            Phone.StepTimeout);
        lab.Stop();
        double[] used = [.. CpuLine().Matches(printed).Select(Number)];
        Assert.Equal(3, used.Length);
        return (used[2] - used[1], used[1] - used[0]);
    }

    /// <summary>From the agent's first screen to its keyboard.</summary>
    private string[] Keyboard()
    {
        (int x, int y) = lab.Phone.PlaceOf(PadScreen.InsertCard, ButtonAction.UsePassphrase);
        return ["start", "wait 1000", $"down finger 0 {x} {y}", "wait 50", "up finger 0", "wait 1000"];
    }

    private Box AgentKey => PadScreen.Keyboard().BoxFor('d', lab.Phone.Width, lab.Phone.Height);

    private static string Down(Box key) => $"down finger 0 {(key.Left + key.Right) / 2} {(key.Top + key.Bottom) / 2}";

    private static double Number(Match match) => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);

    private double FirstFrame(string program)
    {
        lab.ShowText();
        string output = lab.Phone.RunInGuest("/first-frame " + PeerPhone.CommandOf(program), Phone.StepTimeout).Output;
        Match match = FirstFrameLine().Match(output);
        Assert.True(match.Success, output);
        return Number(match);
    }

    [GeneratedRegex("first-frame ([0-9.-]+)")]
    private static partial Regex FirstFrameLine();

    [GeneratedRegex("changed ([0-9.]+)")]
    private static partial Regex ChangedLine();

    [GeneratedRegex("cpu ([0-9.]+)")]
    private static partial Regex CpuLine();
}
