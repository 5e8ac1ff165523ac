// SPDX-License-Identifier: GPL-3.0-or-later
//
// One boot in which the agent and Debian 13's unl0kr run in turn. The guest's clock counts instructions: the wall clock would
// measure the emulator's translating of code that runs once, and whatever else the host does.

using EmulatedPhone;

namespace Boot.Tests;

/// <summary>The phone of <see cref="PeerFiguresTests"/>, booted by the first that asks for it.</summary>
public sealed class PeerPhone : IDisposable
{
    public const string Agent = "unlock-agent", Peer = "unl0kr";

    private readonly Lazy<Lab> lab = new(Boot);
    private TouchPlayer? player;

    public Phone Phone => lab.Value.Phone;

    /// <summary>The kernel's release: some of the counted instructions are its own.</summary>
    public string Kernel => Phone.RunInGuest("uname -r", Phone.StepTimeout).Output.Trim();

    /// <summary>A finger named "finger" on a touchscreen whose axes are the screen's pixels.</summary>
    internal TouchPlayer Player => player ??= StartPlayer(Phone);

    /// <summary>How the guest's shell starts one of the two.</summary>
    public static string CommandOf(string program) =>
        program == Agent ? $"{AgentProcess.Program} {PhoneImage.KeyFilePath}" : "/usr/bin/" + Peer;

    /// <summary>Text again, so that both start from the same screen and the console has stopped painting.</summary>
    public void ShowText() => Phone.RunInGuest(AgentProcess.Program + " --restore-console; sleep 1", Phone.StepTimeout);

    /// <summary>Starts one of the two from the text console and waits until it listens to the finger.</summary>
    public void Start(string program)
    {
        TouchPlayer hand = Player;
        ShowText();
        Phone.RunInGuest($"CRYPTTAB_NAME={LuksDisk.MappingName} {CommandOf(program)} >/run/{program}.out 2>/dev/kmsg &", Phone.StepTimeout);
        hand.Play(["opened finger " + program], Phone.StepTimeout);
    }

    /// <summary>Kills whichever runs; not the boot's keyscript, a shell of the agent's name.</summary>
    public void Stop() =>
        Phone.RunInGuest(
            $"for p in $(pidof {Agent} {Peer}); do case $(readlink /proc/$p/exe) in */{Agent}|*/{Peer}) kill -9 $p;; esac; done",
            Phone.StepTimeout);

    public void Dispose()
    {
        if (lab.IsValueCreated)
        {
            lab.Value.Dispose();
        }
    }

    private static Lab Boot()
    {
        Lab lab = Lab.WithAgent("trixie", "peer", out _, options => options with { CountsInstructions = true });
        lab.Phone.WaitFor(PadScreen.InsertCard, "the wish for a card", Phone.BootTimeout);
        lab.Phone.SendFile("/first-frame", GuestProgram.Compile("first-frame"));
        AgentProcess.KillForTextPrompt(lab.Phone);
        return lab;
    }

    private static TouchPlayer StartPlayer(Phone phone)
    {
        TouchPlayer player = TouchPlayer.Start(phone);
        player.Play([$"device finger slots 0 {phone.Width - 1} 0 {phone.Height - 1}"], Phone.StepTimeout);
        return player;
    }
}
