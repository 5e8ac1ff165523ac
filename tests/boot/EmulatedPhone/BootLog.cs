// SPDX-License-Identifier: GPL-3.0-or-later
//
// What an observed image (PhoneImage.Observed) wrote down of its boot: when the picture changed and which programs began and ended.

using System.Globalization;
using System.Text.RegularExpressions;

namespace EmulatedPhone;

/// <summary>A moment of a program's life.</summary>
/// <param name="At">On the guest's monotonic clock, in ms.</param>
/// <param name="Pid">The process.</param>
/// <param name="Program">The path that was executed, or null at the process' end.</param>
/// <param name="Name">The process' name as the kernel has it, at most 15 characters.</param>
public sealed record ProgramMoment(double At, int Pid, string? Program, string Name);

/// <summary>A change of the picture.</summary>
/// <param name="At">On the guest's monotonic clock, in ms.</param>
/// <param name="Picture">A sum of what is shown from then on.</param>
public readonly record struct PictureMoment(double At, string Picture);

/// <summary>A boot as it was observed; times are ms of the guest's monotonic clock, which begins with the kernel.</summary>
public sealed partial class BootLog
{
    internal const string Folder = "/observed";

    // Two pictures in turn, at least so often, are a cursor that blinks.
    private const int Blinks = 3;

    private BootLog(IReadOnlyList<PictureMoment> changes, IReadOnlyList<ProgramMoment> programs) => (Changes, Programs) = (changes, programs);

    /// <summary>When the picture changed, in order.</summary>
    public IReadOnlyList<PictureMoment> Changes { get; }

    /// <summary>What was executed and what ended, in order.</summary>
    public IReadOnlyList<ProgramMoment> Programs { get; }

    /// <summary>Asks the guest's shell, before or after the root is opened.</summary>
    /// <exception cref="PhoneException">The guest does not answer, or its image is not an observed one.</exception>
    public static BootLog Of(Phone phone)
    {
        // By what the shell can do itself: its own root is empty once the disk's is open.
        GuestResult read = phone.RunInGuest($"for file in screen trace; do while read -r line; do echo \"$line\"; done <{Folder}/$file; done", Phone.StepTimeout);
        return read.Status == 0 ? Parse(read.Output) : throw phone.Failure($"there is no log of the boot: {read.Output}");
    }

    /// <summary>Reads both logs, in any order of their lines.</summary>
    internal static BootLog Parse(string text) => new(
        [.. Change().Matches(text).Select(match => new PictureMoment(Milliseconds(match.Groups[1]), match.Groups[2].Value))],
        [.. Moment().Matches(text).Select(match => new ProgramMoment(
            1000 * Milliseconds(match.Groups["at"]),
            int.Parse(match.Groups["pid"].Value, CultureInfo.InvariantCulture),
            match.Groups["program"] is { Success: true } program ? program.Value : null,
            match.Groups["name"].Value))]);

    /// <summary>When the first process executed a program.</summary>
    /// <param name="program">Its path, or its file name where nothing else has that.</param>
    /// <exception cref="PhoneException">None did.</exception>
    public double StartOf(string program) =>
        Programs.FirstOrDefault(moment => moment.Program is { } path && (path == program || Path.GetFileName(path) == program))?.At
        ?? throw new PhoneException($"nothing executed {program}");

    /// <summary>When the last process of that name ended.</summary>
    /// <exception cref="PhoneException">None did.</exception>
    public double EndOf(string name) =>
        Programs.LastOrDefault(moment => moment.Program is null && moment.Name == name)?.At ?? throw new PhoneException($"no {name} ended");

    /// <summary>The first change of the picture after a moment.</summary>
    /// <exception cref="PhoneException">There is none.</exception>
    public double FirstChangeAfter(double moment) =>
        Changes.Any(change => change.At > moment) ? Changes.First(change => change.At > moment).At : throw new PhoneException("the picture did not change");

    /// <summary>Since when the last picture is shown, or the two that a blinking cursor makes of it.</summary>
    /// <exception cref="PhoneException">Nothing was ever shown.</exception>
    public double LastPictureSince()
    {
        if (Changes.Count == 0)
        {
            throw new PhoneException("nothing was shown");
        }

        int first = Changes.Count - 1;
        while (first > 0 && Changes.Skip(first - 1).Select(change => change.Picture).Distinct().Count() <= 2)
        {
            first--;
        }

        return Changes[Changes.Count - first >= Blinks ? first : Changes.Count - 1].At;
    }

    /// <summary>Writes it down for a person: a line for each moment, in order.</summary>
    /// <param name="path">The file, which is overwritten.</param>
    /// <param name="from">Nothing that was before this moment.</param>
    public void Save(string path, double from = 0) => File.WriteAllLines(
        path,
        Programs.Select(moment => (moment.At, What: moment.Program is null ? $"{moment.Name} ({moment.Pid}) ends" : $"{moment.Program} ({moment.Pid})"))
            .Concat(Changes.Select(change => (change.At, What: "the picture changes")))
            .Where(line => line.At >= from)
            .OrderBy(line => line.At)
            .Select(line => string.Create(CultureInfo.InvariantCulture, $"{line.At,10:F2} {line.What}")));

    private static double Milliseconds(Group number) => double.Parse(number.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex("^([0-9.]+) ([0-9a-f]{16})\r?$", RegexOptions.Multiline)]
    private static partial Regex Change();

    // "  askpass-123  [000] .....    5.123456: sched_process_exec: filename=/lib/cryptsetup/askpass pid=123 old_pid=123".
    [GeneratedRegex(@"^ *(?<name>.*)-(?<pid>[0-9]+) +\[[0-9]+\] \S+ +(?<at>[0-9.]+): sched_process_(exit|exec: filename=(?<program>\S+))", RegexOptions.Multiline)]
    private static partial Regex Moment();
}
