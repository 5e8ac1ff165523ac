// SPDX-License-Identifier: GPL-3.0-or-later
// The simulated card as a program: the reader to go into on the command line, commands on stdin, one line back for each.

using CardSimulator;

const string Usage = """
    card-simulator (--vpcd [HOST:]PORT | --vscard PLACE | --vscard-listen PLACE) [options]
      PLACE is a Unix socket's path or ADDRESS:PORT of the VSCard host (QEMU's ccid-card-passthru).
      --state FILE     keys, PINs and counters: read at start where it exists, written by "save" and at the end
      --out            start with the card outside the reader
      --t0             T=0 only, short APDUs only (QEMU's reader needs it; --vscard implies it)
      --no-extended    T=1 without extended lengths
      --tries-in-sw    answer a wrong PIN with 63Cx instead of 6982
      --atr HEX        this answer to reset
      --serial HEX     the card's serial number, 4 bytes
    On stdin:
    """;

CommandLine? line = CommandLine.Parse(args);
if (line is null)
{
    Console.Error.WriteLine(Usage + Environment.NewLine + CommandConsole.Help);
    return 2;
}

VirtualCard card = line.StateFile is { } file && File.Exists(file)
    ? VirtualCard.Load(file, line.Options)
    : new VirtualCard(line.Options);
using ICardReader reader = line.OpenReader(card);
if (!line.StartsOutside)
{
    reader.Insert();
}

CommandConsole console = new(card, reader, line.StateFile);
while (Console.In.ReadLine() is { } text && console.Execute(text) is { } answer)
{
    Console.Out.WriteLine(answer);
}

reader.Remove();
console.Save();
return 0;
