// SPDX-License-Identifier: GPL-3.0-or-later
//
// The agent ends by each signal at each stage of the entry: cryptsetup's text prompt takes its place, with a console that shows text and
// takes keys; a passphrase that opens nothing there brings the next agent.

using System.Text.RegularExpressions;
using EmulatedPhone;

namespace Boot.Tests.Faults;

public sealed partial class AgentFaultTests
{
    // PERFORM SECURITY OPERATION's instruction byte.
    private const byte Decipher = 0x2A;

    [Fact]
    public void After_any_end_of_the_agent_the_text_prompt_answers_and_the_next_agent_opens_the_root_with_the_card()
    {
        using var scene = new FaultScene("agent", "bookworm");
        scene.AllowManyTries();
        Phone phone = scene.Phone;
        phone.PlugKeyboard();
        AgentProcess.WaitForInputs(phone, 2);
        (string Name, Action Enter, PadScreen Screen, Action Drop)[] stages =
        [
            ("ready", () => { }, PadScreen.Pin(3), () => { }),
            ("digits typed", () => Type(scene), PadScreen.Pin(3, typed: 3), () => phone.TapText(PadScreen.Pin(3), "\b\b\b")),
            ("passphrase typed", () => TypeLetters(scene), PadScreen.Keyboard(typed: 3), phone.TapUseCard),
        ];
        scene.Cell("ready", "agent ends by SIGHUP", "the text prompt, which the kernel ends as any other; then the next pad", () =>
        {
            EndBy(scene, "HUP", 129);
            scene.Shell("for p in $(pidof askpass); do [ $(cat /proc/$p/oom_score_adj) = 0 ] || exit 1; done");
            LeaveTextPrompt(scene);
        });
        scene.Cell("digits typed", "agent gets SIGPIPE", "nothing is lost", () =>
        {
            Type(scene);
            scene.Shell($"kill -PIPE {AgentProcess.Pid}");
            scene.ExpectToStay(PadScreen.Pin(3, typed: 3), "the same screen");
            phone.TapText(PadScreen.Pin(3), "\b\b\b");
        });
        foreach ((string name, Action enter, PadScreen screen, Action drop) in stages)
        {
            scene.Cell(name, "agent stopped for 2 s" + (name == "ready" ? ", a tap meanwhile" : ""), "nothing is lost", () =>
            {
                enter();
                Stop(scene, name);
                scene.ExpectToStay(name == "ready" ? PadScreen.Pin(3, typed: 1) : screen, "the same screen");
                (name == "ready" ? () => phone.TapText(PadScreen.Pin(3), "\b") : drop)();
            });
            foreach ((string signal, int status) in (IEnumerable<(string, int)>)[("KILL", 137), ("TERM", 143), ("SEGV", 139)])
            {
                scene.Cell(name, $"agent ends by SIG{signal}", "the text prompt, then the next pad", () =>
                {
                    enter();
                    EndBy(scene, signal, status);
                    LeaveTextPrompt(scene);
                });
            }
        }

        scene.Cell("card at work", "agent ends by SIGKILL, card pulled and put back", "the text prompt, then the next pad", () =>
        {
            scene.EnterPinUpTo(Decipher);
            EndBy(scene, "KILL", 137);
            scene.Card.Faults.Release();

            // QEMU's reader never answers the command that a pull interrupts.
            Thread.Sleep(TimeSpan.FromSeconds(1));
            phone.RemoveCard();
            phone.InsertCard();
            LeaveTextPrompt(scene);
        }, verifies: 1);
        scene.End("card at work", "agent stopped for 2 s", "the key is handed over", () =>
        {
            scene.EnterPinUpTo(Decipher);
            scene.Shell($"kill -STOP {AgentProcess.Pid}");
            scene.Card.Faults.Release();
            Thread.Sleep(TimeSpan.FromSeconds(2));
            scene.Shell($"kill -CONT {AgentProcess.Pid}");
        }, verifies: 1);
    }

    private static void Type(FaultScene scene)
    {
        scene.Phone.TapText(PadScreen.Pin(3), KeySet.Pin[..3]);
        scene.Expect(PadScreen.Pin(3, typed: 3), "three dots");
    }

    private static void TypeLetters(FaultScene scene)
    {
        scene.Phone.TapUsePassphrase(PadScreen.Pin(3));
        scene.Expect(PadScreen.Keyboard(), "the keyboard");
        scene.Phone.TapText(PadScreen.Keyboard(), KeySet.Passphrase[..3]);
        scene.Expect(PadScreen.Keyboard(typed: 3), "three dots of a passphrase");
    }

    private static void Stop(FaultScene scene, string stage)
    {
        scene.Shell($"kill -STOP {AgentProcess.Pid}");
        if (stage == "ready")
        {
            scene.Phone.TapText(PadScreen.Pin(3), "4");
        }

        Thread.Sleep(TimeSpan.FromSeconds(2));
        scene.Shell($"kill -CONT {AgentProcess.Pid}");
    }

    private static void EndBy(FaultScene scene, string signal, int status)
    {
        int mark = scene.Phone.Console.Count;

        // The runtime's handler takes a SIGSEGV that no instruction caused, and goes on; it is gone for the second.
        scene.Shell($"agent={AgentProcess.Pid}; kill -{signal} $agent && sleep 0.2; kill -{signal} $agent 2>/dev/null; true");
        scene.Phone.WaitForConsole(new Regex($"ended with status {status}, asking for the passphrase as text"), FaultScene.Patience, mark);
        scene.Phone.WaitForGuest("pidof askpass", Something(), FaultScene.Patience);
        scene.Phone.WaitForGuest("cat /dev/vcs1", Prompt(), FaultScene.Patience);
    }

    /// <summary>Types a passphrase that opens nothing on the hardware keyboard.</summary>
    private static void LeaveTextPrompt(FaultScene scene)
    {
        scene.Phone.TypeText("qj");
        scene.Phone.TypeKey("ret");
        scene.Expect(PadScreen.Pin(3), "the next agent's pad");
        AgentProcess.WaitForInputs(scene.Phone, 2);
    }

    [GeneratedRegex(".")]
    private static partial Regex Something();

    [GeneratedRegex($"Please unlock disk {LuksDisk.MappingName}")]
    private static partial Regex Prompt();
}
