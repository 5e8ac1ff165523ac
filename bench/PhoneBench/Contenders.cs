// SPDX-License-Identifier: GPL-3.0-or-later
//
// All who are measured, and who is compared with whom.

using EmulatedPhone;
using UnlockAgent.Machine;
using UnlockAgent.Screen;

namespace PhoneBench;

internal static class Contenders
{
    private static readonly string[] agentProcesses = ["unlock-agent", "pcscd"];

    public static IReadOnlyList<Contender> All { get; } =
    [
        new("askpass", "trixie", _ => PhoneImage.WithTextPrompt("trixie"), "askpass", ["askpass"], new Keyboard(WholeScreen)),
        Agent("trixie"),
    ];

    private static Contender Agent(string suite) =>
        new("unlock-agent", suite, keys => PhoneImage.WithAgent(suite, keys.KeyFile), "unlock-agent", agentProcesses, new Finger(KeyOfPad)) { UsesCard = true };

    private static Box WholeScreen(Phone phone) => new(0, 0, phone.Width, phone.Height);

    private static Box KeyOfPad(Phone phone, char key) => PadScreen.Pin(3).BoxFor(key, phone.Width, phone.Height);
}
