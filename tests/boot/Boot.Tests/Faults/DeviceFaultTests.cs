// SPDX-License-Identifier: GPL-3.0-or-later
//
// Floods of touches and keys ask the card nothing that the person did not confirm; a display that goes takes nothing with it, and one
// that stays away leaves a text prompt; a card that takes half a minute and a card service that stands still leave the keyboard.

using System.Text.RegularExpressions;
using EmulatedPhone;

namespace Boot.Tests.Faults;

public sealed partial class DeviceFaultTests
{
    private const string TakeDisplay =
        "cd /sys/bus/virtio/drivers/virtio_gpu && for d in virtio*; do echo $d >/run/display; echo $d >unbind; done";

    private const string BringDisplay = "cat /run/display >/sys/bus/virtio/drivers/virtio_gpu/bind";

    // linux/input-event-codes.h
    private const int FirstDigit = 2, Digits = 10, Enter = 28, FirstLetter = 16, Letters = 10;

    // GET DATA's and PERFORM SECURITY OPERATION's instruction bytes.
    private const byte GetData = 0xCA, Decipher = 0x2A;

    private const int Inputs = 4;

    // What the simulator's card says, and what cryptsetup reads, in bytes.
    private const int LongestPin = 127, LongestPassphrase = 512;

    private static readonly PadScreen Typed = PadScreen.Pin(3, typed: 3), TypedLetters = PadScreen.Keyboard(typed: 3);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    [Fact]
    [Trait("When", "All")]
    public void Floods_a_display_that_goes_and_a_card_that_takes_long_cost_no_try_and_the_card_opens_the_root()
    {
        using var scene = new FaultScene("devices", "bookworm");
        scene.AllowManyTries();
        TouchPlayer hand = TouchPlayer.Start(scene.Phone);
        var screen = new Touchscreen("flood", "slots", scene.Phone);
        hand.Play(
            [screen.Device, "device board keys 0 0 0 0", "opened flood unlock-agent", "opened board unlock-agent"], Phone.StepTimeout);
        FloodByTouch(scene, hand, screen);
        FloodByKeys(scene, hand);

        scene.Phone.PlugKeyboard();
        AgentProcess.WaitForInputs(scene.Phone, Inputs);
        TakeDisplays(scene);
        WaitForCard(scene);
        scene.End("card at work", "the card takes 30 s, the display gone for 2 s of them", "the key is handed over", () =>
        {
            scene.EnterPinUpTo(Decipher);
            GoAndCome(scene);
            Thread.Sleep(Long);
            scene.Card.Faults.Release();
        }, verifies: 1);
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

    private static void TakeDisplays(FaultScene scene)
    {
        (string Name, Action Enter, PadScreen Screen, Action Drop)[] stages =
        [
            ("ready", () => { }, PadScreen.Pin(3), () => { }),
            ("digits typed", () => Type(scene), Typed, () => scene.Phone.TapText(PadScreen.Pin(3), "\b\b\b")),
            ("passphrase typed", () => TypeLetters(scene), TypedLetters, scene.Phone.TapUseCard),
        ];
        foreach ((string name, Action enter, PadScreen screen, Action drop) in stages)
        {
            scene.Cell(name, "display gone for 2 s", "the same screen on the display that comes", () =>
            {
                enter();
                GoAndCome(scene);
                scene.ExpectToStay(screen, "the same screen");
                drop();
            });
        }

        scene.Cell("digits typed", "display gone until the agent gives up, then back", "a text prompt that takes keys; the next pad", () =>
        {
            Type(scene);
            int mark = scene.Phone.Console.Count;
            scene.Shell(TakeDisplay);
            scene.Phone.WaitForConsole(TextPrompt(), FaultScene.Patience, mark);
            scene.Phone.WaitForGuest("pidof askpass", Something(), FaultScene.Patience);
            scene.Shell(BringDisplay);
            LeaveTextPrompt(scene);
        });
    }

    private static void WaitForCard(FaultScene scene)
    {
        scene.Cell("card put in", "the card takes 30 s for its first answer", "the passphrase keyboard meanwhile, then the pad", () =>
        {
            scene.Phone.RemoveCard();
            scene.Expect(PadScreen.CardRemoved, "that the card was removed");
            scene.Card.Faults.HoldAtInstruction(GetData);
            scene.Phone.InsertCard();
            Thread.Sleep(Long / 2);
            scene.Phone.TapUsePassphrase(PadScreen.CardRemoved);
            scene.Expect(PadScreen.Keyboard(), "the keyboard");
            Thread.Sleep(Long / 2);
            scene.Card.Faults.Release();
            scene.Phone.TapUseCard();
        });
        scene.Cell("agent's start", "pcscd stands still, and goes on after a while", "the passphrase keyboard meanwhile, then the pad", () =>
        {
            scene.SignalPcscd("STOP");
            int mark = scene.Phone.Console.Count;
            AgentProcess.Kill(scene.Phone);
            scene.Phone.WaitForConsole(TextPrompt(), FaultScene.Patience, mark);
            scene.Phone.WaitForGuest("pidof askpass", Something(), FaultScene.Patience);
            LeaveTextPrompt(scene, PadScreen.LookingForCard);
            scene.Phone.TapUsePassphrase(PadScreen.LookingForCard);
            scene.Expect(PadScreen.Keyboard(), "the keyboard");
            scene.SignalPcscd("CONT");
            scene.Phone.TapUseCard();
        });
    }

    private static void GoAndCome(FaultScene scene)
    {
        scene.Shell(TakeDisplay);
        Thread.Sleep(TimeSpan.FromSeconds(2));
        scene.Shell(BringDisplay);
        AgentProcess.WaitForInputs(scene.Phone, Inputs);
    }

    /// <summary>Types a passphrase that opens nothing on the hardware keyboard.</summary>
    private static void LeaveTextPrompt(FaultScene scene, PadScreen? next = null)
    {
        scene.Phone.TypeText("qj");
        scene.Phone.TypeKey("ret");
        scene.Expect(next ?? PadScreen.Pin(3), "the next agent's pad");
        AgentProcess.WaitForInputs(scene.Phone, Inputs);
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

    private static void Type(FaultScene scene)
    {
        scene.Phone.TapText(PadScreen.Pin(3), KeySet.Pin[..3]);
        scene.Expect(Typed, "three dots");
    }

    private static void TypeLetters(FaultScene scene)
    {
        scene.Phone.TapUsePassphrase(PadScreen.Pin(3));
        scene.Expect(PadScreen.Keyboard(), "the keyboard");
        scene.Phone.TapText(PadScreen.Keyboard(), KeySet.Passphrase[..3]);
        scene.Expect(TypedLetters, "three dots of a passphrase");
    }

    [GeneratedRegex("ended with status [0-9]+, asking for the passphrase as text")]
    private static partial Regex TextPrompt();

    [GeneratedRegex(".")]
    private static partial Regex Something();
}
