// SPDX-License-Identifier: GPL-3.0-or-later
//
// The card, its reader and pcscd go away, come back or stand still, at every stage of the entry, with the real pcscd, libccid and kernel.

using EmulatedPhone;

namespace Boot.Tests.Faults;

public sealed class CardFaultTests
{
    // PERFORM SECURITY OPERATION's instruction byte.
    private const byte Decipher = 0x2A;

    // The card service looks every 0.4 s.
    private static readonly TimeSpan SomeLooks = TimeSpan.FromSeconds(3);

    private static readonly PadScreen Typed = PadScreen.Pin(3, typed: 3), Letters = PadScreen.Keyboard(typed: 3);

    [Fact]
    public void A_card_and_its_reader_that_go_and_come_cost_no_try_and_the_card_opens_the_root()
    {
        using var scene = new FaultScene("card and reader", "bookworm");
        foreach (Stage stage in Stages(scene))
        {
            PullAndPutBack(scene, stage);
            UnplugAndPlug(scene, stage);
        }

        scene.Cell("card at work", "reader and touchscreen unplugged and plugged again", "the PIN pad again", () =>
        {
            scene.EnterPinUpTo(Decipher);
            scene.Phone.SwitchUsb(connected: false);
            scene.Card.Faults.Release();
            scene.Expect(PadScreen.NoReader(removed: true), "that the card is gone");
            PlugAgain(scene);
        }, verifies: 1);
        scene.End("ready", "none", "the PIN", () => scene.Phone.TapText(PadScreen.Pin(3), KeySet.Pin + "\n"), verifies: 1);
    }

    [Fact]
    public void A_pcscd_that_dies_stands_still_or_hangs_costs_no_try_and_the_passphrase_opens_the_root()
    {
        using var scene = new FaultScene("pcscd", "trixie");
        foreach (Stage stage in Stages(scene))
        {
            KillAndStart(scene, stage);
            StopAndContinue(scene, stage);
        }

        scene.Cell("card at work", "pcscd killed and started again, the card without power meanwhile", "the PIN pad again", () =>
        {
            scene.EnterPinUpTo(Decipher);
            scene.SignalPcscd("KILL");
            scene.Card.Faults.Release();

            // QEMU's reader never answers the command that a pull interrupts.
            Thread.Sleep(TimeSpan.FromSeconds(1));
            scene.Phone.RemoveCard();
            scene.Phone.InsertCard();
            scene.Expect(PadScreen.ServiceMissing, "that the service is gone");
            scene.RestartPcscd();
        }, verifies: 1);
        scene.End("digits typed", "pcscd hangs for good", "the keyboard answers", () =>
        {
            scene.Phone.TapText(PadScreen.Pin(3), KeySet.Pin[..3]);
            scene.Expect(Typed, "three dots");
            scene.SignalPcscd("STOP");
            scene.Phone.TapUsePassphrase(PadScreen.Pin(3));
            scene.Expect(PadScreen.Keyboard(), "the keyboard");
            scene.Phone.TapPassphrase(KeySet.Passphrase);
        }, verifies: 0);
    }

    private static void PullAndPutBack(FaultScene scene, Stage stage)
    {
        if (!stage.HasCard)
        {
            scene.Cell(stage.Name, "card put in and pulled out", "the PIN pad, then the wish for a card", () =>
            {
                stage.Enter();
                scene.Phone.InsertCard();
                scene.Expect(PadScreen.Pin(3), "the PIN pad");
                scene.Phone.RemoveCard();
                scene.Expect(PadScreen.CardRemoved, "that the card was removed");
                scene.Phone.InsertCard();
            });
            return;
        }

        scene.Cell(stage.Name, "card pulled and put back", "the notice, then the stage without digits", () =>
        {
            stage.Enter();
            scene.Phone.RemoveCard();
            scene.Expect(stage.IsPad ? PadScreen.CardRemoved : stage.Screen, "what a pulled card leaves");
            scene.Phone.InsertCard();
            stage.Leave();
        });
        scene.Cell(stage.Name, "card pulled and put back at once", "no digit stays, where anybody saw it", () =>
        {
            stage.Enter();
            int asked = scene.Card.CommandCount;
            scene.Phone.RemoveCard();
            scene.Phone.InsertCard();

            // The screen may be the one of before, and what is typed then goes with the card: it is looked at anew once its going was seen. The
            // card service sees nothing at all where both came between two of its looks.
            SpinWait.SpinUntil(() => scene.Card.CommandCount > asked, SomeLooks);
            if (scene.Shows(stage.Screen))
            {
                stage.Drop();
            }

            stage.Leave();
        });
    }

    private static void UnplugAndPlug(FaultScene scene, Stage stage) =>
        scene.Cell(stage.Name, "reader and touchscreen unplugged and plugged again", "the notice, then the stage without digits", () =>
        {
            stage.Enter();
            scene.Phone.SwitchUsb(connected: false);
            scene.Expect(stage.IsPad ? PadScreen.NoReader(stage.HasCard) : stage.Screen, "what a reader that went leaves");
            PlugAgain(scene);
            stage.Leave();
        });

    private static void PlugAgain(FaultScene scene)
    {
        scene.Phone.SwitchUsb(connected: true);
        AgentProcess.WaitForInputs(scene.Phone, 1);
    }

    private static void KillAndStart(FaultScene scene, Stage stage)
    {
        scene.Cell(stage.Name, "pcscd killed and started again", "the service is missing, then the stage without digits", () =>
        {
            stage.Enter();
            scene.SignalPcscd("KILL");
            scene.Expect(stage.IsPad ? PadScreen.ServiceMissing : stage.Screen, "what a dead service leaves");
            scene.RestartPcscd();
            stage.Leave();
        });
        scene.Cell(stage.Name, "pcscd killed and started at once", "the stage without digits", () =>
        {
            stage.Enter();
            scene.SignalPcscd("KILL");
            scene.RestartPcscd();
            stage.Leave();
        });
    }

    private static void StopAndContinue(FaultScene scene, Stage stage) =>
        scene.Cell(stage.Name, "pcscd stopped for 2 s", "nothing changes", () =>
        {
            stage.Enter();
            scene.SignalPcscd("STOP");
            Thread.Sleep(TimeSpan.FromSeconds(2));
            scene.SignalPcscd("CONT");
            scene.ExpectToStay(stage.Screen, "the same screen");
            stage.Drop();
            stage.Leave();
        });

    private static Stage[] Stages(FaultScene scene)
    {
        Phone phone = scene.Phone;
        void Nothing()
        {
        }

        void Pull()
        {
            phone.RemoveCard();
            scene.Expect(PadScreen.CardRemoved, "that the card was removed");
        }

        void PullAndForget()
        {
            Pull();
            phone.TapUsePassphrase(PadScreen.CardRemoved);
            scene.Expect(PadScreen.Keyboard(), "the keyboard");
            phone.TapUseCard();
            scene.Expect(PadScreen.InsertCard, "the wish for a card");
        }

        void Type()
        {
            phone.TapText(PadScreen.Pin(3), KeySet.Pin[..3]);
            scene.Expect(Typed, "three dots");
        }

        void TypeLetters()
        {
            phone.TapUsePassphrase(PadScreen.Pin(3));
            scene.Expect(PadScreen.Keyboard(), "the keyboard");
            phone.TapText(PadScreen.Keyboard(), KeySet.Passphrase[..3]);
            scene.Expect(Letters, "three dots of a passphrase");
        }

        void BackToCard()
        {
            scene.ExpectToStay(Letters, "the letters that were typed");
            phone.TapUseCard();
        }

        return
        [
            new("no card", PullAndForget, PadScreen.InsertCard, HasCard: false, IsPad: true, Nothing, phone.InsertCard),
            new("notice of a pulled card", Pull, PadScreen.CardRemoved, HasCard: false, IsPad: true, Nothing, phone.InsertCard),
            new("ready", Nothing, PadScreen.Pin(3), HasCard: true, IsPad: true, Nothing, Nothing),
            new("digits typed", Type, Typed, HasCard: true, IsPad: true, () => phone.TapText(PadScreen.Pin(3), "\b\b\b"), Nothing),
            new("passphrase typed", TypeLetters, Letters, HasCard: true, IsPad: false, Nothing, BackToCard),
        ];
    }

    /// <summary>A moment of the entry in which a fault comes.</summary>
    /// <param name="Name">For the table.</param>
    /// <param name="Enter">From the pad with nothing typed.</param>
    /// <param name="Screen">What is shown then.</param>
    /// <param name="HasCard">The card is in the reader.</param>
    /// <param name="IsPad">What happens to the card is shown.</param>
    /// <param name="Drop">Takes back what is typed.</param>
    /// <param name="Leave">After the fault, the way back to the pad.</param>
    private sealed record Stage(string Name, Action Enter, PadScreen Screen, bool HasCard, bool IsPad, Action Drop, Action Leave);
}
