// SPDX-License-Identifier: GPL-3.0-or-later
// One command's work on one volume: what was asked for, the volume as it is, and the steps that are undone unless all of them are done.
using UnlockControl.Terminal;
using UnlockControl.Volumes;

namespace UnlockControl.Enrolment;

/// <summary>Disposing undoes what was not committed.</summary>
internal sealed class Job : IDisposable
{
    private Job(IPrompt prompt, EnrolOptions options, Crypttab crypttab, CrypttabEntry entry, LuksVolume volume)
    {
        Prompt = prompt;
        Options = options;
        Crypttab = crypttab;
        Entry = entry;
        Volume = volume;
        Steps = NewSteps(prompt, options);
    }

    public IPrompt Prompt { get; }

    public EnrolOptions Options { get; }

    /// <summary>As it was found.</summary>
    public Crypttab Crypttab { get; }

    public CrypttabEntry Entry { get; }

    public string Name => Entry.Name;

    public LuksVolume Volume { get; }

    /// <summary>What the volume held of ours when it was first asked for.</summary>
    public StoredKeys Stored => field ??= StoredKeys.Read(Volume, Entry);

    public Steps Steps { get; }

    /// <summary>Finds and opens the volume.</summary>
    /// <exception cref="Refusal">It is not there.</exception>
    /// <exception cref="LuksException">It has no LUKS2 header.</exception>
    public static Job Open(IPrompt prompt, EnrolOptions options, Func<CrypttabEntry, bool> among, string what)
    {
        var crypttab = Crypttab.Read();
        return Open(prompt, options, crypttab, VolumeFinder.Find(crypttab, options.Volume, among, what));
    }

    /// <summary>The same of an entry that was found.</summary>
    public static Job Open(IPrompt prompt, EnrolOptions options, Crypttab crypttab, CrypttabEntry entry) =>
        new(prompt, options, crypttab, entry, OpenHeader(entry));

    /// <summary>Steps that say what they do, or in a dry run what they would do.</summary>
    public static Steps NewSteps(IPrompt prompt, EnrolOptions options) =>
        new(step => prompt.Say((options.DryRun ? "would do: " : "") + step), options.DryRun);

    /// <summary>The header on the entry's device, or where header= says.</summary>
    public static LuksVolume OpenHeader(CrypttabEntry entry)
    {
        string? device = entry.Device;
        if (device is null && entry.Header is null)
        {
            throw new Refusal(ExitCode.Failure, $"The disk of {entry.Name} ({entry.Source}) is not there.");
        }

        return LuksVolume.Open(device ?? entry.Header!, entry.Header);
    }

    public void Dispose()
    {
        Steps.Dispose();
        Volume.Dispose();
    }
}
