// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is known of the agent's peers, proved in a boot of each: the prompt is recognised, a key that is pressed shows where it should,
// those programs run that are said to, and what a person types opens the root.

using CardSimulator;
using EmulatedPhone;
using UnlockAgent.Screen;

namespace Boot.Tests;

public sealed class PeerTests
{
    // What runs in every initramfs that opens a root.
    private static readonly string[] usual = ["sh", "busybox", "udevadm", "systemd-udevd", "cryptsetup", "touch-player"];

    public static TheoryData<string> Labels => [.. Peer.All.Select(peer => peer.Label)];

    [Theory]
    [Trait("When", "All")]
    [MemberData(nameof(Labels))]
    public void A_peer_asks_as_it_is_described_and_opens_the_root(string label)
    {
        Peer peer = Peer.All.Single(peer => peer.Label == label);
        using Lab lab = Lab.WithPeer(peer, "peer", out VirtualCard card);
        Phone phone = lab.Phone;
        Assert.False(peer.Sign.IsOn(phone.Screenshot()));
        Picture prompt = phone.WaitForScreen($"the prompt of {label}", peer.Sign.IsOn, Phone.BootTimeout);
        phone.WaitForShell(Phone.StepTimeout);
        prompt.SavePng(Path.Combine(Directory.CreateDirectory(Path.Combine(Repository.Out, "screens")).FullName, $"peer-{label}.png"));
        Assert.Equal(peer.Processes.Order(StringComparer.Ordinal), ProgramsIn(phone).Except(usual).Order(StringComparer.Ordinal));

        TouchPlayer hand = TouchPlayer.Start(phone);
        hand.Play([DeviceOf(peer), "start", "wait 2000"], Phone.StepTimeout);
        if (peer.Seen is { } seen)
        {
            hand.Play(["start", PressOf(peer, Peer.Sample), "wait 90"], Phone.StepTimeout);
            phone.WaitForScreen("the key that is pressed", screen => !IsSame(screen, prompt, seen), Phone.StepTimeout);
            hand.Play(["start", ReleaseOf(peer, Peer.Sample), "wait 400", .. Type(peer, "\b")], Phone.StepTimeout);
            phone.WaitForScreen("what was there before", screen => IsSame(screen, prompt, seen) && peer.Sign.IsOn(screen), Phone.StepTimeout);
        }

        hand.Play(["start", .. Type(peer, (peer.UsesCard ? KeySet.Pin : KeySet.Passphrase) + "\n")], Phone.StepTimeout);
        lab.AssertRootOpened();
        Assert.Equal(peer.UsesCard ? 1 : 0, card.VerifyCount);
    }

    private static string DeviceOf(Peer peer) =>
        peer.Rows is null ? "device hand keys" : $"device hand slots 0 {PromptSign.Width - 1} 0 {PromptSign.Height - 1}";

    private static IEnumerable<string> Type(Peer peer, string text) =>
        text.SelectMany(key => (string[])[PressOf(peer, key), "wait 90", ReleaseOf(peer, key), "wait 110"]);

    private static string PressOf(Peer peer, char key)
    {
        if (peer.Rows is null)
        {
            return $"press hand {Phone.CodeOf(key)}";
        }

        Box box = peer.KeyFor(key);
        return $"down hand 0 {(box.Left + box.Right) / 2} {(box.Top + box.Bottom) / 2}";
    }

    private static string ReleaseOf(Peer peer, char key) => peer.Rows is null ? $"release hand {Phone.CodeOf(key)}" : "up hand 0";

    private static IEnumerable<string> ProgramsIn(Phone phone) =>
        phone.RunInGuest("for p in /proc/[0-9]*; do readlink $p/exe; done", Phone.StepTimeout).Output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(path => Path.GetFileName(path.Trim())).Distinct();

    private static bool IsSame(Picture screen, Picture other, Box box)
    {
        for (int y = box.Top; y < box.Bottom; y++)
        {
            for (int x = box.Left; x < box.Right; x++)
            {
                if (screen[x, y] != other[x, y])
                {
                    return false;
                }
            }
        }

        return true;
    }
}
