// SPDX-License-Identifier: GPL-3.0-or-later
//
// The agent beside Debian 13's unl0kr in the same boot, watched from outside and counted in instructions: first frame, key
// press to changed pixels, processor time of 100 key presses. Written to out/figures.txt, and gates.

using System.Globalization;
using System.Text.RegularExpressions;
using EmulatedPhone;
using UnlockAgent.Machine;
using UnlockAgent.Screen;

namespace Boot.Tests;

[Collection(nameof(FiguresTests))]
public sealed partial class PeerFiguresTests(PeerPhone lab) : IClassFixture<PeerPhone>
{
    private const int Rounds = 5;

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
            $"first frame, an instruction counted as a nanosecond: {Median(agent):F0} ms, unl0kr {Median(peer):F0} ms; ratio {ratios[Rounds / 2]:F2} ({ratios[0]:F2} to {ratios[^1]:F2})");
        Assert.All(agent, time => Assert.True(time > 0, "the agent drew nothing"));
        Assert.All(peer, time => Assert.True(time > 0, "unl0kr drew nothing"));
        Assert.InRange(ratios[Rounds / 2], 0, 0.6);
    }

    [Fact]
    public void Explore()
    {
        lab.Start(PeerPhone.Peer);
        lab.Phone.RunInGuest("sleep 2", Phone.StepTimeout);
        lab.Phone.Screenshot().SavePng("/tmp/unl0kr.png");
        lab.Player.Play(["down finger 0 300 1200"], Phone.StepTimeout);
        lab.Phone.RunInGuest("sleep 1", Phone.StepTimeout);
        lab.Phone.Screenshot().SavePng("/tmp/unl0kr-down.png");
        lab.Player.Play(["up finger 0"], Phone.StepTimeout);
        lab.Phone.RunInGuest("sleep 1", Phone.StepTimeout);
        lab.Phone.Screenshot().SavePng("/tmp/unl0kr-up.png");
        lab.Stop();
    }

    private double FirstFrame(string program)
    {
        lab.ShowText();
        string output = lab.Phone.RunInGuest("/first-frame " + PeerPhone.CommandOf(program), Phone.StepTimeout).Output;
        Match match = FirstFrameLine().Match(output);
        Assert.True(match.Success, output);
        return double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    [GeneratedRegex("first-frame ([0-9.-]+)")]
    private static partial Regex FirstFrameLine();
}
