// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the agent stands on goes away or turns bad while it asks: /run, the clock, memory, the touchscreen, the key file, the disk and
// its headers. What must stay is a way in, and every PIN try.

using System.Text.RegularExpressions;
using EmulatedPhone;
using UnlockAgent.Machine;

namespace Boot.Tests.Faults;

public sealed partial class SystemFaultTests
{
    // The encrypted root's.
    private const string Disk = "/dev/vda";

    private const string WipeHeaders = $"dd if=/dev/zero of={Disk} bs=4096 count=8 && sync && ! cryptsetup isLuks {Disk}";
    private const string RestoreHeaders = $"dd if=/header of={Disk} bs=4096 && sync && cryptsetup isLuks {Disk}";
    private const string RemoveDisk = "echo 1 >$(readlink -f /sys/block/vda/device/..)/remove && ! [ -e /dev/vda ]";
    private const string BringDisk = "echo 1 >/sys/bus/pci/rescan; udevadm settle; cryptsetup isLuks /dev/vda";
    private const string KeyFile = PhoneImage.KeyFilePath;

    private const string FillRun = "dd if=/dev/zero of=/run/full bs=64k 2>/dev/null; "
        + "dd if=/dev/zero bs=1 count=5000 2>/dev/null >>/run/full; ! echo some >/run/more";

    // A day is longer than any scene: what fires, fires by a clock that jumped.
    private const string LongIdleness = "unlock-agent.wipe-after=80000 unlock-agent.dim-after=80000 unlock-agent.dark-after=80000 "
        + "unlock-agent.power-off-after=80000";

    // proc(5), oom_score_adj: only -1000 is further from being chosen.
    private const string LastToEnd = "-900";

    private static readonly PadScreen Typed = PadScreen.Pin(3, typed: 3);

    [Fact]
    public void A_system_that_fails_underneath_costs_no_try_and_the_card_opens_the_root()
    {
        using var scene = new FaultScene("system", "trixie", options => options with
        {
            MindsIdleness = true,
            ExtraCommandLine = LongIdleness,
        });
        scene.AllowManyTries();
        JumpClock(scene);
        TakeRun(scene);
        TakeKeyFile(scene);
        Unplug(scene);
        Hog(scene);
        DamageHeaders(scene);
        UnplugDisk(scene);
        scene.End("full entry", "the disk's first header damaged, /run full at the hand-over", "the second header serves", () =>
        {
            scene.Shell(
                $"dd if=/dev/zero of={Disk} bs=4096 seek=1 count=1 && sync");
            scene.Shell(FillRun);
            scene.Phone.TapText(PadScreen.Pin(3), KeySet.Pin + "\n");
        }, verifies: 1);
    }

    private static void JumpClock(FaultScene scene)
    {
        foreach (string date in (string[])["2060-01-01 00:00", "1999-01-01 00:00", "2026-06-01 00:00"])
        {
            scene.Cell("digits typed", $"the clock jumps to {date[..10]}", "nothing fires, the digits stay", () =>
            {
                Type(scene);
                scene.Shell($"date -s '{date}'");
                scene.ExpectToStay(Typed, "three dots");
                scene.Phone.TapText(PadScreen.Pin(3), "\b\b\b");
            });
        }
    }

    private static void TakeRun(FaultScene scene)
    {
        scene.Cell("digits typed", "/run is full", "the digits stay", () =>
        {
            Type(scene);
            scene.Shell(FillRun);
            scene.ExpectToStay(Typed, "three dots");
            scene.Phone.TapText(PadScreen.Pin(3), "\b\b\b");
        });
        scene.Cell("hand-over of a wrong passphrase", "/run is full", "the next pad, which does not know why", () =>
        {
            WrongPassphrase(scene, PadScreen.Pin(3));
            scene.Shell("rm -f /run/full /run/more");
        });
        scene.Cell("hand-over of a wrong passphrase", "/run/unlock-agent read-only", "the next pad, which does not know why", () =>
        {
            scene.Shell("mount -t tmpfs -o ro none /run/unlock-agent");
            WrongPassphrase(scene, PadScreen.Pin(3));
            scene.Shell("umount /run/unlock-agent");
        });
        scene.Cell("hand-over of a third wrong passphrase", "none", "Debian's next round, whose first try says that it was wrong", () =>
        {
            WrongPassphrase(scene, PadScreen.WrongPassphrase);
            scene.Phone.TapUseCard();
        });
        scene.Cell("hand-over of a wrong passphrase", "/run read-only as a whole", "the next pad, which does not know why", () =>
        {
            // pcscd and udevd write there: what is mounted over it, itself, is what turns read-only.
            scene.Shell("mount -o bind /run /run && mount -o remount,bind,ro /run && ! echo some >/run/more");
            WrongPassphrase(scene, PadScreen.Pin(3));
            scene.Shell("umount /run && echo some >/run/more && rm /run/more");
        });
    }

    private static void DamageHeaders(FaultScene scene)
    {
        scene.Shell($"dd if={Disk} of=/header bs=4096 count=8");
        scene.Cell(
            "full entry", "both LUKS2 headers damaged, then written back", "the card's key, then a passphrase do not open it", () =>
            {
                scene.Shell(WipeHeaders);
                scene.Phone.TapText(PadScreen.Pin(3), KeySet.Pin + "\n");
                scene.Expect(PadScreen.CardKeyRefused, "that the card's key opens nothing");
                AgentProcess.WaitForInputs(scene.Phone, 1);
                scene.Phone.TapPassphrase(KeySet.Passphrase);
                scene.Expect(PadScreen.WrongPassphrase, "that the passphrase opens nothing");
                AgentProcess.WaitForInputs(scene.Phone, 1);
                scene.Shell(RestoreHeaders);
                ForgetPin(scene);
                scene.Phone.TapUseCard();
            },
            verifies: 1);
        scene.Cell(
            "full entry", "both LUKS2 headers damaged and /run full", "a pad for the PIN, and no card that is asked for ever", () =>
            {
                scene.Shell(WipeHeaders);
                scene.Shell(FillRun);
                int mark = scene.Phone.Console.Count;
                scene.Phone.TapText(PadScreen.Pin(3), KeySet.Pin + "\n");
                scene.Phone.WaitForConsole(UnknownNext(), FaultScene.Patience, mark);
                scene.ExpectToStay(PadScreen.Pin(3), "the next try's pad");
                AgentProcess.WaitForInputs(scene.Phone, 1);
                scene.Shell("rm -f /run/full /run/more");
                scene.Shell(RestoreHeaders);
            },
            verifies: 1);
    }

    /// <summary>A card that is out and in again is no longer verified.</summary>
    private static void ForgetPin(FaultScene scene)
    {
        scene.Phone.RemoveCard();
        Thread.Sleep(FaultScene.Moment);
        scene.Phone.InsertCard();
    }

    private static void UnplugDisk(FaultScene scene)
    {
        scene.Cell("digits typed", "disk unplugged and plugged again", "the digits stay", () =>
        {
            Type(scene);
            scene.Shell(RemoveDisk);
            scene.ExpectToStay(Typed, "three dots");
            scene.Shell(BringDisk);
            scene.ExpectToStay(Typed, "three dots");
            scene.Phone.TapText(PadScreen.Pin(3), "\b\b\b");
        });
        scene.Cell("full entry", "disk unplugged, plugged again for the next try", "the card's key opens nothing; the next pad", () =>
        {
            scene.Shell(RemoveDisk);
            scene.Phone.TapText(PadScreen.Pin(3), KeySet.Pin + "\n");
            scene.Expect(PadScreen.CardKeyRefused, "that the card's key opens nothing");
            AgentProcess.WaitForInputs(scene.Phone, 1);
            scene.Shell(BringDisk);
            ForgetPin(scene);
            scene.Phone.TapUseCard();
        }, verifies: 1);
    }

    private static void TakeKeyFile(FaultScene scene)
    {
        scene.Shell($"cp {KeyFile} /good ");
        (string Fault, string Command, KeyFileFault Screen)[] faults =
        [
            ("deleted", $"rm {KeyFile}", KeyFileFault.Missing),
            ("emptied", $": >{KeyFile}", KeyFileFault.Empty),
            ("cut short", $"head -c 100 /good >{KeyFile}", KeyFileFault.Truncated),
            ("replaced by text", $"echo correct horse >{KeyFile}", KeyFileFault.NotOpenPgp),
        ];
        foreach ((string fault, string command, KeyFileFault screen) in faults)
        {
            scene.Cell("between two tries", $"the key file is {fault}", "the screen says so; with the file back, the pad", () =>
            {
                scene.Shell(command);
                WrongPassphrase(scene, PadScreen.WrongPassphrase);
                scene.Phone.TapUseCard();
                scene.Expect(PadScreen.KeyFile(screen), "what is wrong with the key file");
                scene.Shell($"cp /good {KeyFile}");
                WrongPassphrase(scene, PadScreen.WrongPassphrase, PadScreen.KeyFile(screen));
                scene.Phone.TapUseCard();
            });
        }

        scene.Cell("ready", "the key file is deleted and put back", "the pad does not mind", () =>
        {
            scene.Shell($"rm {KeyFile}");
            scene.ExpectToStay(PadScreen.Pin(3), "the pad");
            scene.Shell($"cp /good {KeyFile}");
        });
    }

    private static void Unplug(FaultScene scene)
    {
        scene.Cell("digits typed", "touchscreen unplugged and plugged again", "the digits stay", () =>
        {
            Type(scene);
            Replug(scene);
            scene.Expect(Typed, "three dots");
            scene.Phone.TapText(PadScreen.Pin(3), "\b\b\b");
        });
        scene.Cell("ready", "touchscreen unplugged with a finger down, plugged again", "the kernel lifts it: one digit, no more", () =>
        {
            (int x, int y) = scene.Phone.PlaceOf(PadScreen.Pin(3), '5');
            scene.Phone.TouchDown(x, y);
            Thread.Sleep(300);
            Replug(scene);
            scene.Phone.TouchUp();
            scene.ExpectToStay(PadScreen.Pin(3, typed: 1), "one dot, and no key held");
            scene.Phone.TapText(PadScreen.Pin(3), "\b");
        });
    }

    private static void Hog(FaultScene scene)
    {
        scene.Cell("digits typed", "a program takes all memory until the kernel ends it", "the agent stays", () =>
        {
            Type(scene);
            scene.Shell($"[ $(cat /proc/{AgentProcess.Pid}/oom_score_adj) = {LastToEnd} ]");
            scene.Shell($"[ $(cat /proc/$(cat /run/unlock-agent/pcscd.pid)/oom_score_adj) = {LastToEnd} ]");
            scene.Shell("echo 1 >/proc/sys/vm/overcommit_memory; ! tail /dev/zero");
            scene.Phone.WaitForConsole(KilledHog(), FaultScene.Patience);
            scene.Expect(Typed, "three dots");
            scene.Phone.TapText(PadScreen.Pin(3), "\b\b\b");
        });
    }

    private static void Replug(FaultScene scene)
    {
        scene.Phone.UnplugTouch();
        AgentProcess.WaitForInputs(scene.Phone, 0);
        scene.Phone.PlugTouch();
        AgentProcess.WaitForInputs(scene.Phone, 1);
    }

    private static void Type(FaultScene scene)
    {
        scene.Phone.TapText(PadScreen.Pin(3), KeySet.Pin[..3]);
        scene.Expect(Typed, "three dots");
    }

    /// <summary>Spends one of cryptsetup's tries.</summary>
    private static void WrongPassphrase(FaultScene scene, PadScreen next, PadScreen? from = null)
    {
        int mark = scene.Phone.Console.Count;
        scene.Phone.TapUsePassphrase(from ?? PadScreen.Pin(3));
        scene.Expect(PadScreen.Keyboard(), "the keyboard");
        scene.Phone.TapPassphrase("qj");
        scene.Phone.WaitForConsole(BadPassword(), FaultScene.Patience, mark);
        scene.Expect(next, "the next try's first screen");
        AgentProcess.WaitForInputs(scene.Phone, 1);
    }

    [GeneratedRegex("Out of memory: Killed process [0-9]+ \\(tail\\)")]
    private static partial Regex KilledHog();

    [GeneratedRegex("the next try will not know what this one was")]
    private static partial Regex UnknownNext();

    [GeneratedRegex("No key available with this passphrase|cryptsetup failed, bad password|first frame")]
    private static partial Regex BadPassword();
}
