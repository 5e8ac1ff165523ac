// SPDX-License-Identifier: GPL-3.0-or-later
//
// Floods of touches, and a display that goes: neither asks the card anything that the person did not confirm.

using EmulatedPhone;

namespace Boot.Tests.Faults;

public sealed class DeviceFaultTests
{
    [Fact]
    [Trait("When", "All")]
    public void Floods_of_touches_and_a_display_that_goes_cost_no_try_and_the_root_opens()
    {
        using var scene = new FaultScene("devices", "bookworm");
        Phone phone = scene.Phone;
        TouchPlayer hand = TouchPlayer.Start(phone);
        var screen = new Touchscreen("flood", "slots", phone);
        hand.Play([screen.Device, "opened flood unlock-agent"], Phone.StepTimeout);
        (int X, int Y) Key(char key) => phone.PlaceOf(PadScreen.Pin(3), key);

        Flood(scene, "200 touches of the digits, 40 a second", "", () =>
            hand.Play(screen.Drum([.. Enumerable.Range(0, 200).Select(i => Key((char)('0' + (i % 10))))], 40), Phone.StepTimeout));
        Flood(scene, "60 touches of OK with nothing typed", "", () =>
            hand.Play(screen.Drum([.. Enumerable.Repeat(Key('\n'), 60)], 30), Phone.StepTimeout));
        Flood(scene, "60 touches of OK with too few digits", "12345", () =>
            hand.Play(screen.Drum([.. Enumerable.Repeat(Key('\n'), 60)], 30), Phone.StepTimeout));
        Flood(scene, "ten fingers on the digits at once, 20 times", "", () =>
            hand.Play(Enumerable.Range(0, 20).SelectMany(_ => TenFingers(screen, Key)), Phone.StepTimeout));

        phone.PlugKeyboard();
        AgentProcess.WaitForInputs(phone, 3);
        scene.End("ready", "display unbound and bound again", "PIN and OK on a keyboard", () =>
        {
            scene.Shell("cd /sys/bus/virtio/drivers/virtio_gpu && for d in virtio*; do echo $d >unbind; sleep 1; echo $d >bind; done");
            Thread.Sleep(FaultScene.Moment);
            phone.TypeText(KeySet.Pin);
            phone.TypeKey("ret");
        }, verifies: 1);
    }

    private static void Flood(FaultScene scene, string flood, string before, Action act) =>
        scene.Cell(before.Length == 0 ? "ready" : "digits typed", flood, "the card is not asked", () =>
        {
            scene.Phone.TapText(PadScreen.Pin(3), before);
            act();
            scene.Phone.TapUsePassphrase(PadScreen.Pin(3));
            scene.Expect(PadScreen.Keyboard(), "the keyboard");
            scene.Phone.TapUseCard();
        });

    private static IEnumerable<string> TenFingers(Touchscreen screen, Func<char, (int X, int Y)> key) =>
        ["start", .. Enumerable.Range(0, 10).Select(i => screen.Down(key((char)('0' + i)), i)), "wait 40",
            .. Enumerable.Range(0, 10).Select(screen.Up), "wait 40"];
}
