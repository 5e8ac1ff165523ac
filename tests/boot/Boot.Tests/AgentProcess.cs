// SPDX-License-Identifier: GPL-3.0-or-later
//
// The agent as a process of the guest: started by hand as its keyscript would start it, and killed.

using System.Text.RegularExpressions;
using EmulatedPhone;

namespace Boot.Tests;

internal static partial class AgentProcess
{
    public const string Program = "/usr/lib/unlock-agent/unlock-agent";

    /// <summary>Its process id, for a line of shell. By its executable: the keyscript around it is a shell script of the same name.</summary>
    public const string Pid = "$(for p in $(pidof unlock-agent); do [ \"$(readlink /proc/$p/exe)\" = " + Program + " ] && echo $p; done)";

    /// <summary>Starts it beside the boot, whose own agent must have ended.</summary>
    /// <param name="keyFile">The path of the key file in the guest.</param>
    /// <param name="output">Where the key goes, in the guest.</param>
    public static void Start(Phone phone, string keyFile, string output) =>
        phone.RunInGuest($"CRYPTTAB_NAME={LuksDisk.MappingName} {Program} {keyFile} >{output} 2>/dev/null &", Phone.StepTimeout);

    /// <summary>SIGKILL, to the one that runs.</summary>
    public static void Kill(Phone phone) =>
        Assert.Equal("killed\n", phone.RunInGuest($"kill -9 {Pid} && echo killed", Phone.StepTimeout).Output);

    /// <summary>Kills the boot's own agent and waits for the text prompt, after which nobody else touches the screen.</summary>
    public static void KillForTextPrompt(Phone phone)
    {
        Kill(phone);
        phone.WaitForGuest("pidof askpass", Something(), Phone.StepTimeout);
    }

    /// <summary>Gives a file of the guest to the boot's text prompt, whose place the agent's output takes.</summary>
    public static void AnswerTextPrompt(Phone phone, string output) =>
        phone.RunInGuest($"cat {output} >/lib/cryptsetup/passfifo", Phone.StepTimeout);

    /// <summary>Waits until it listens to so many input devices: what one sends before that reaches nobody.</summary>
    public static void WaitForInputs(Phone phone, int count) =>
        phone.WaitForGuest(
            $"ls -l /proc/{Pid}/fd | grep -c /dev/input/event", new Regex($"^{count}$", RegexOptions.Multiline), Phone.StepTimeout);

    [GeneratedRegex(".")]
    private static partial Regex Something();
}
