// SPDX-License-Identifier: GPL-3.0-or-later
// What the agent and cryptsetup came to, from the lines that they leave.
using System.Globalization;

namespace UnlockControl.Enrolment;

/// <summary>One trial.</summary>
/// <param name="AgentStatus">The agent's exit status; 130 where it was interrupted before it had one.</param>
/// <param name="Keyslot">The keyslot that the key opened; null: none.</param>
/// <param name="Said">What cryptsetup said.</param>
internal sealed record TrialOutcome(int AgentStatus, int? Keyslot, string Said)
{
    private const int Interrupted = 130;
    private const string AgentLine = "agent ";
    private const string CryptsetupLine = "cryptsetup ";
    private const string SlotLine = "Key slot ";

    public static TrialOutcome Parse(string output)
    {
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        bool isOpen = NumberIn(lines, CryptsetupLine) == 0;
        string[] said = [.. lines.Where(static line => NumberAfter(line, AgentLine) is null && NumberAfter(line, CryptsetupLine) is null)];
        return new TrialOutcome(
            NumberIn(lines, AgentLine) ?? Interrupted, isOpen ? NumberIn(lines, SlotLine) : null, string.Join(' ', said));
    }

    private static int? NumberIn(string[] lines, string start) =>
        lines.Select(line => NumberAfter(line, start)).FirstOrDefault(static number => number is not null);

    /// <summary>The number between the start and the next blank.</summary>
    private static int? NumberAfter(string line, string start) =>
        line.StartsWith(start, StringComparison.Ordinal)
        && int.TryParse(line[start.Length..].Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number : null;
}
