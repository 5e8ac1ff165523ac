// SPDX-License-Identifier: GPL-3.0-or-later
//
// Floods of touches and keys ask the card nothing that the person did not confirm.

using EmulatedPhone;

namespace Boot.Tests.Faults;

public sealed class DeviceFaultTests
{
    // linux/input-event-codes.h
    private const int FirstDigit = 2, Digits = 10, Enter = 28, FirstLetter = 16, Letters = 10;

    // What the simulator's card says, and what cryptsetup reads, in bytes.
    private const int LongestPin = 127, LongestPassphrase = 512;

    [Fact]
    [Trait("When", "All")]
    public void Floods_of_touches_and_keys_cost_no_try_and_the_card_opens_the_root()
    {
        using var scene = new FaultScene("devices", "bookworm");
        TouchPlayer hand = TouchPlayer.Start(scene.Phone);
        var screen = new Touchscreen("flood", "slots", scene.Phone);
        hand.Play(
            [screen.Device, "device board keys 0 0 0 0", "opened flood unlock-agent", "opened board unlock-agent"], Phone.StepTimeout);
        FloodByTouch(scene, hand, screen);
        FloodByKeys(scene, hand);

        scene.End("ready", "none", "the PIN", () => scene.Phone.TapText(PadScreen.Pin(3), KeySet.Pin + "\n"), verifies: 1);
    }

    private static void FloodByTouch(FaultScene scene, TouchPlayer hand, Touchscreen screen)
    {
        (int X, int Y) Key(char key) => scene.Phone.PlaceOf(PadScreen.Pin(3), key);
        void Drum(IEnumerable<char> keys, int perSecond) => hand.Play(screen.Drum([.. keys.Select(Key)], perSecond), Phone.StepTimeout);

        Flood(scene, "200 touches of the digits, 40 a second", "", LongestPin, () => Drum(Enumerable.Range(0, 200).Select(i => (char)('0' + (i % 10))), 40));
        Flood(scene, "60 touches of OK with nothing typed, 30 a second", "", 0, () => Drum(Enumerable.Repeat('\n', 60), 30));
        Flood(scene, "60 touches of OK with too few digits, 30 a second", "12345", 5, () => Drum(Enumerable.Repeat('\n', 60), 30));
        Flood(scene, "ten fingers on the digits at once, 20 times", "", LongestPin, () =>
            hand.Play(Enumerable.Range(0, 20).SelectMany(_ => TenFingers(screen, Key)), Phone.StepTimeout));
    }

    private static void FloodByKeys(FaultScene scene, TouchPlayer hand)
    {
        void Press(int first, int count, int times) => hand.Play(
            ["start", .. Enumerable.Range(0, times).SelectMany(i => (string[])
                [$"press board {first + (i % count)}", "wait 2", $"release board {first + (i % count)}", "wait 2"])],
            Phone.StepTimeout);

        Flood(scene, "300 digits of a keyboard, 250 a second", "", LongestPin, () => Press(FirstDigit, Digits, 300));
        Flood(scene, "300 presses of Enter with nothing typed, 250 a second", "", 0, () => Press(Enter, 1, 300));
        Flood(scene, "300 presses of Enter with too few digits, 250 a second", "12345", 5, () => Press(Enter, 1, 300));
        scene.Cell("passphrase", "600 letters of a keyboard, 250 a second", "as many as fit, and the pad without them", () =>
        {
            scene.Phone.TapUsePassphrase(PadScreen.Pin(3));
            scene.Expect(PadScreen.Keyboard(), "the keyboard");
            Press(FirstLetter, Letters, 600);
            scene.Expect(PadScreen.Keyboard(LongestPassphrase), "as many dots as letters fit");
            scene.Phone.TapUseCard();
        });
    }

    private static void Flood(FaultScene scene, string flood, string before, int typed, Action act) =>
        scene.Cell(before.Length == 0 ? "ready" : "digits typed", flood, $"{typed} dots, the card is not asked", () =>
        {
            scene.Phone.TapText(PadScreen.Pin(3), before);
            act();
            scene.Expect(PadScreen.Pin(3, typed), "what was typed, as much of it as a card takes");
            scene.Phone.TapUsePassphrase(PadScreen.Pin(3));
            scene.Expect(PadScreen.Keyboard(), "the keyboard");
            scene.Phone.TapUseCard();
        });

    private static IEnumerable<string> TenFingers(Touchscreen screen, Func<char, (int X, int Y)> key) =>
        ["start", .. Enumerable.Range(0, 10).Select(i => screen.Down(key((char)('0' + i)), i)), "wait 40",
            .. Enumerable.Range(0, 10).Select(screen.Up), "wait 40"];
}
