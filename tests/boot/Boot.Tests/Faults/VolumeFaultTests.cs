// SPDX-License-Identifier: GPL-3.0-or-later
//
// Two encrypted volumes: the root's disk goes and comes while its pad shows, and the card goes between the two.

using System.Text.RegularExpressions;
using CardSimulator;
using EmulatedPhone;

namespace Boot.Tests.Faults;

public sealed partial class VolumeFaultTests
{
    private const string DataName = "data_crypt", DataUuid = "0b7d1c5e-3f0a-4c39-8d5b-1f6a2e9c4d01";
    private const string DataEntry = $"{DataName} UUID={DataUuid} {PhoneImage.KeyFilePath} luks,initramfs,keyscript=unlock-agent\n";
    private const string Suite = "bookworm";

    private const string RemoveDisk =
        "readlink -f /sys/block/vda/device/.. >/run/disk && echo 1 >$(cat /run/disk)/remove && ! blkid -t UUID=" + LuksDisk.Uuid;

    private const string BringDisk = "echo 1 >/sys/bus/pci/rescan; udevadm settle; blkid -t UUID=" + LuksDisk.Uuid;

    private static readonly PadScreen Typed = PadScreen.Pin(3, typed: 3);

    [Fact]
    [Trait("When", "All")]
    public void A_disk_that_goes_and_a_card_that_goes_between_two_volumes_cost_no_try_and_both_open()
    {
        using var data = new DataDisk(DataUuid, KeySet.Get(Lab.AlgorithmOf(Suite)).LuksKey);
        Lab lab = Lab.WithVolumes(Suite, "faults-volumes", out VirtualCard card, "", DataEntry, data);
        using var scene = new FaultScene("two volumes", Suite, (lab, card));
        Phone phone = scene.Phone;
        scene.Cell("digits typed", "the root's disk unplugged and plugged again", "the digits stay", () =>
        {
            phone.TapText(PadScreen.Pin(3), KeySet.Pin[..3]);
            scene.Expect(Typed, "three dots");
            scene.Shell(RemoveDisk);
            scene.ExpectToStay(Typed, "three dots");
            scene.Shell(BringDisk);
            scene.ExpectToStay(Typed, "three dots");
            phone.TapText(PadScreen.Pin(3), "\b\b\b");
        });
        scene.Cell("full entry", "the disk has another name since", "this round's tries are in vain, the next round finds it", () =>
        {
            // cryptsetup has the disk that is gone; the two after it look for its name.
            phone.TapUsePassphrase(PadScreen.Pin(3));
            scene.Expect(PadScreen.Keyboard(), "the keyboard");
            phone.TapPassphrase(KeySet.Passphrase);
            scene.Expect(PadScreen.WrongPassphrase, "that the passphrase opened nothing");
            AgentProcess.WaitForInputs(phone, 1);
            for (int tries = 2; tries > 0; tries--)
            {
                int mark = phone.Console.Count;
                phone.TapPassphrase("qj");
                phone.WaitForConsole(NoReader(), FaultScene.Patience, mark);
                phone.WaitForGuest("pidof askpass", new Regex("."), FaultScene.Patience);
                scene.Shell("echo qj >/lib/cryptsetup/passfifo");
                scene.Expect(PadScreen.Pin(3), "the next agent's pad");
                AgentProcess.WaitForInputs(phone, 1);
                if (tries > 1)
                {
                    phone.TapUsePassphrase(PadScreen.Pin(3));
                    scene.Expect(PadScreen.Keyboard(), "the keyboard");
                }
            }
        });
        scene.End("between two volumes", "the card pulled, and a wrong passphrase for the second", "each has its own pad", () =>
        {
            int mark = phone.Console.Count;
            phone.TapText(PadScreen.Pin(3), KeySet.Pin + "\n");
            phone.WaitForConsole(new Regex("unlock-agent: Opening the disk"), FaultScene.Patience, mark);
            phone.RemoveCard();
            PadScreen wish = PadScreen.InsertCard.Of(DataName), keyboard = PadScreen.Keyboard().Of(DataName);
            scene.Expect(wish, "the wish for a card for the second volume");
            AgentProcess.WaitForInputs(phone, 1);
            phone.TapUsePassphrase(wish);
            scene.Expect(keyboard, "the second volume's keyboard");
            phone.TapPassphrase("qj");
            scene.Expect(PadScreen.WrongPassphrase, "that the second volume's passphrase is wrong");
            AgentProcess.WaitForInputs(phone, 1);
            phone.TapUseCard();
            scene.Expect(wish, "the wish for a card");
            phone.InsertCard();
            scene.Expect(PadScreen.Pin(3), "the second volume's pad");
            phone.TapText(PadScreen.Pin(3), KeySet.Pin + "\n");
            phone.WaitForConsole(new Regex("opened-root: mapping name=" + DataName), FaultScene.Patience, mark);
        }, verifies: 2);
    }

    [GeneratedRegex("the key could not be handed over: Broken pipe")]
    private static partial Regex NoReader();
}
