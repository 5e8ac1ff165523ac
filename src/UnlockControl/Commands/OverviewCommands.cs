// SPDX-License-Identifier: GPL-3.0-or-later
// status and list: what there is. Neither asks nor changes anything, and what cannot be seen is said and no failure.
using System.CommandLine;
using UnlockControl.Overview;
using UnlockControl.Terminal;

namespace UnlockControl.Commands;

internal static class OverviewCommands
{
    private static readonly Option<bool> Json = new("--json") { Description = "Write one JSON object, for programs", Arity = ArgumentArity.Zero };

    public static ControlCommand Status() => new ControlCommand("status", "Show readers, cards, volumes and initramfs, and what is wrong with them.")
    {
        Examples =
        [
            ("sudo unlockctl status", "Everything; without sudo as much as you may see."),
            ("sudo unlockctl status --json | jq .problems", "What is wrong, for a program."),
        ],
        Options = { Json },
    }.Does((line, person) =>
    {
        SystemReport? report = null;
        person.Progress("Looking at cards, volumes and initramfs", _ => report = SystemLook.All());
        return Write(line, person, report!, drawing => drawing.Draw(report!));
    });

    public static ControlCommand List() => new ControlCommand("list", "Show which card opens which volume.")
    {
        Examples = [("sudo unlockctl list", "One line for each card of each volume.")],
        Options = { Json },
    }.Does((line, person) =>
    {
        SystemReport report = SystemLook.WithoutImages();
        return Write(line, person, report, drawing => drawing.DrawList(report));
    });

    private static ExitCode Write(ParseResult line, Person person, SystemReport report, Action<SystemDrawing> draw)
    {
        if (line.GetValue(Json))
        {
            person.Plain.WriteLine(ReportJson.Write(report));
        }
        else
        {
            draw(new SystemDrawing(person.Output));
        }

        return ExitCode.Success;
    }
}
