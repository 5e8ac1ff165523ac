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

    // LUKS2: twice 16 KiB of header, then the keyslots' areas; the first is the card's, 252 KiB for a key of 512 bits.
    private const string HeaderBlocks = "8", SlotBlocks = "63";

    private const string WipeHeaders = $"dd if=/dev/zero of={Disk} bs=4096 count={HeaderBlocks} && sync && ! cryptsetup isLuks {Disk}";
    private const string WipeSlot = $"dd if=/dev/zero of={Disk} bs=4096 seek={HeaderBlocks} count={SlotBlocks} && sync";
    private const string Restore = $"dd if=/header of={Disk} bs=4096 && sync && cryptsetup isLuks {Disk}";
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
        Damage(scene);
        scene.End("full entry", "the disk's first header damaged, /run full at the hand-over", "the second header serves", () =>
        {
            scene.Shell($"dd if=/dev/zero of={Disk} bs=4096 seek=1 count=1 && sync");
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
        scene.Cell(
            "hand-over of a wrong passphrase", "/run read-only as a whole, for this try and the next", "a text prompt for want of a reader, then a pad", () =>
            {
                // pcscd and udevd write there: what is mounted over it, itself, is what turns read-only.
                scene.Shell("mount -o bind /run /run && mount -o remount,bind,ro /run && ! echo some >/run/more");
                WrongPassphrase(scene, PadScreen.Pin(3));
                scene.Shell("umount /run && echo some >/run/more && rm /run/more");

                // This try's cryptsetup could not lock the disk and has ended long ago.
                FindNoReader(scene, () => TypePassphrase(scene, PadScreen.Pin(3)));
                LeaveTextPrompt(scene);
            });
    }

    private static void Damage(FaultScene scene)
    {
        scene.Shell($"dd if={Disk} of=/header bs=4096 count=71");
        scene.Cell("full entry", "both LUKS2 headers damaged, then written back", "a text prompt, with cryptsetup's reason; the pad", () =>
        {
            scene.Shell(WipeHeaders);

            // This try's cryptsetup has read them; the next one's finds none, and ends.
            WrongPassphrase(scene, PadScreen.WrongPassphrase);
            scene.Phone.TapUseCard();
            FindNoReader(scene, () => scene.Phone.TapText(PadScreen.Pin(3), KeySet.Pin + "\n"));
            scene.Shell("grep -q 'not a valid LUKS device' /dev/vcs1");
            scene.Shell(Restore);
            ForgetPin(scene);
            LeaveTextPrompt(scene);
        }, verifies: 1);
        scene.Cell("full entry", "the keyslot of the card's key damaged", "that this key opens nothing; the keyboard", () =>
        {
            scene.Shell(WipeSlot);
            int mark = scene.Phone.Console.Count;
            scene.Phone.TapText(PadScreen.Pin(3), KeySet.Pin + "\n");
            scene.Phone.WaitForConsole(CardKeyRefused(), FaultScene.Patience, mark);
            AgentProcess.WaitForInputs(scene.Phone, 1);
            scene.Shell(Restore);
            ForgetPin(scene);
            scene.Phone.TapUseCard();
        }, verifies: 1);
    }

    /// <summary>A card that is out and in again is no longer verified.</summary>
    private static void ForgetPin(FaultScene scene)
    {
        scene.Phone.RemoveCard();
        Thread.Sleep(FaultScene.Moment);
        scene.Phone.InsertCard();
    }

    /// <summary>Hands a key over that nobody takes.</summary>
    private static void FindNoReader(FaultScene scene, Action handOver)
    {
        int mark = scene.Phone.Console.Count;
        handOver();
        scene.Phone.WaitForConsole(NoReader(), FaultScene.Patience, mark);
        scene.Phone.WaitForGuest("pidof askpass", new Regex("."), FaultScene.Patience);
    }

    private static void LeaveTextPrompt(FaultScene scene)
    {
        scene.Shell("echo qj >/lib/cryptsetup/passfifo");
        scene.Expect(PadScreen.Pin(3), "the next agent's pad");
        AgentProcess.WaitForInputs(scene.Phone, 1);
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

    private static void TypePassphrase(FaultScene scene, PadScreen from)
    {
        scene.Phone.TapUsePassphrase(from);
        scene.Expect(PadScreen.Keyboard(), "the keyboard");
        scene.Phone.TapPassphrase("qj");
    }

    /// <summary>Spends one of cryptsetup's tries.</summary>
    private static void WrongPassphrase(FaultScene scene, PadScreen next, PadScreen? from = null)
    {
        int mark = scene.Phone.Console.Count;
        TypePassphrase(scene, from ?? PadScreen.Pin(3));
        scene.Phone.WaitForConsole(BadPassword(), FaultScene.Patience, mark);
        scene.Expect(next, "the next try's first screen");
        AgentProcess.WaitForInputs(scene.Phone, 1);
    }

    [GeneratedRegex("Out of memory: Killed process [0-9]+ \\(tail\\)")]
    private static partial Regex KilledHog();

    [GeneratedRegex("the key could not be handed over: Broken pipe")]
    private static partial Regex NoReader();

    [GeneratedRegex("unlock-agent: The card's key does not open this disk")]
    private static partial Regex CardKeyRefused();

    [GeneratedRegex("No key available with this passphrase|cryptsetup failed, bad password|first frame")]
    private static partial Regex BadPassword();
}
