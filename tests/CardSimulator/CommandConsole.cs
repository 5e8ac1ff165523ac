// SPDX-License-Identifier: GPL-3.0-or-later
// The program's commands: one line in, one line out, "ok …" or "error …".

using System.Globalization;

namespace CardSimulator;

/// <summary>Tells a card in a reader what to do, in words.</summary>
public sealed class CommandConsole(VirtualCard card, ICardReader reader, string? stateFile)
{
    /// <summary>Every command, one a line.</summary>
    public const string Help = """
          insert | remove          put the card in, pull it out
          reset                    power off and on, as a reader would: nothing is verified any more
          delay MS                 every command takes this much longer
          delay N MS               the n-th command from now takes this much longer (1 is the next)
          fail N SW                the n-th command from now is answered with this status word (hex)
          fail-ins INS SW [TIMES]  the next commands of this instruction (hex) are
          pull N [after]           pulled out at the n-th command, before its work or after it
          pull-ins INS [after]     pulled out at the next command of this instruction
          clear                    forget every fault
          tries N                  set the PIN's tries left
          save                     write the state file
          status                   in|out tries=PW1,PW3 verified=0|1 verifies=N commands=N resets=N
          log                      every command: CLA INS P1 P2, data length, status word; then it is forgotten
          quit                     as the end of input
        """;

    /// <summary>Does one command.</summary>
    /// <returns>The line to answer with; null for quit.</returns>
    public string? Execute(string line)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        try
        {
            return words is ["quit"] ? null : Do(words);
        }
        catch (Exception error) when (error is FormatException or OverflowException or TimeoutException)
        {
            return "error " + error.Message;
        }
    }

    /// <summary>Writes the state file, where there is one.</summary>
    public void Save()
    {
        if (stateFile is not null)
        {
            card.Save(stateFile);
        }
    }

    private string Do(string[] words)
    {
        switch (words)
        {
            case ["insert"]:
                reader.Insert();
                break;
            case ["remove"]:
                reader.Remove();
                break;
            case ["reset"]:
                card.Reset();
                break;
            case ["delay", var milliseconds]:
                card.Faults.DelayEach = Milliseconds(milliseconds);
                break;
            case ["delay", var number, var milliseconds]:
                card.Faults.DelayAt(Number(number), Milliseconds(milliseconds));
                break;
            case ["fail", var number, var status]:
                card.Faults.FailAt(Number(number), (ushort)Hex(status));
                break;
            case ["fail-ins", var instruction, var status]:
                card.Faults.FailInstruction((byte)Hex(instruction), (ushort)Hex(status));
                break;
            case ["fail-ins", var instruction, var status, var times]:
                card.Faults.FailInstruction((byte)Hex(instruction), (ushort)Hex(status), Number(times));
                break;
            case ["pull", var number, .. var when] when IsWhen(when):
                card.Faults.PullAt(Number(number), when.Length > 0);
                break;
            case ["pull-ins", var instruction, .. var when] when IsWhen(when):
                card.Faults.PullAtInstruction((byte)Hex(instruction), when.Length > 0);
                break;
            case ["clear"]:
                card.Faults.Clear();
                break;
            case ["tries", var number]:
                card.UserTriesLeft = Number(number);
                break;
            case ["save"]:
                Save();
                break;
            case ["status"]:
                return "ok " + Status();
            case ["log"]:
                string log = string.Join(", ", card.Log);
                card.ClearLog();
                return "ok " + log;
            default:
                return "error no such command";
        }

        return "ok";
    }

    private string Status() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(reader.IsInserted ? "in" : "out")} tries={card.UserTriesLeft},{card.AdminTriesLeft} verified={(card.IsUserVerified ? 1 : 0)} verifies={card.VerifyCount} commands={card.Log.Count} resets={card.ResetCount}");

    private static bool IsWhen(string[] when) => when is [] or ["after"];

    private static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);

    private static TimeSpan Milliseconds(string word) => TimeSpan.FromMilliseconds(Number(word));

    private static int Hex(string word) => int.Parse(word, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
