// SPDX-License-Identifier: GPL-3.0-or-later
// unlockctl: sets a disk up to be opened by a card, and looks after the cards. Run by a person on the booted system.
using System.CommandLine;
using Spectre.Console;

var root = new RootCommand("Open the disk with a smart card: set up, look after, take away.");
root.SetAction(static _ =>
{
    AnsiConsole.MarkupLine("[bold]unlockctl[/]");
    return 0;
});
return root.Parse(args).Invoke();
