// SPDX-License-Identifier: GPL-3.0-or-later
// A volume that a command works on, as it was found.
using UnlockControl.Terminal;
using UnlockControl.Volumes;

namespace UnlockControl.Enrolment;

internal sealed class Job : IDisposable
{
    private Job(Work work, Crypttab crypttab, CrypttabEntry entry)
    {
        Work = work;
        Crypttab = crypttab;
        Entry = entry;
        Volume = OpenHeader(entry);
    }

    public Work Work { get; }

    public IPrompt Prompt => Work.Prompt;

    public EnrolOptions Options => Work.Options;

    /// <summary>As it was found.</summary>
    public Crypttab Crypttab { get; }

    public CrypttabEntry Entry { get; }

    public string Name => Entry.Name;

    public LuksVolume Volume { get; }

    /// <summary>What the volume held of ours when it was first asked for.</summary>
    public StoredKeys Stored => field ??= StoredKeys.Read(Volume, Entry);

    /// <summary>Finds the volume that is meant, which crypttab must name, and opens its header.</summary>
    /// <param name="isEnrolled">Where none is named, it is the one that a card opens.</param>
    /// <exception cref="StepException">It is not there, or could be several.</exception>
    /// <exception cref="LuksException">It has no LUKS2 header.</exception>
    public static Job Open(Work work, bool isEnrolled)
    {
        var crypttab = Crypttab.Read();
        CrypttabEntry[] ours = [.. crypttab.Entries.Where(static entry => entry.IsOurs)];
        if (work.Options.Volume is null && isEnrolled && ours.Length == 0)
        {
            throw new Refusal(ExitCode.Usage, $"{Crypttab.Path} names no volume that is set up for a card: `unlockctl enroll` does that.");
        }

        string? wanted = work.Options.Volume ?? (isEnrolled && ours.Length == 1 ? ours[0].Name : null);
        var found = VolumeFinder.Find(crypttab, wanted);
        return new Job(work, crypttab, found.Entry ?? throw new Refusal(ExitCode.Usage, $"{Crypttab.Path} does not name "
            + $"{found.Device}: nothing "
            + "opens it when the system starts. Add a line for it first (see crypttab(5))."));
    }

    /// <summary>The header on the entry's device, or where header= says.</summary>
    /// <exception cref="Refusal">The disk is not there.</exception>
    /// <exception cref="LuksException">It has no LUKS2 header.</exception>
    public static LuksVolume OpenHeader(CrypttabEntry entry) => LuksVolume.Open(
        entry.Device ?? throw new Refusal(ExitCode.Failure, $"The disk of {entry.Name} ({entry.Source}) is not there."), entry.Header);

    /// <summary>First undoes what was not committed, which needs the header.</summary>
    public void Dispose()
    {
        Work.Dispose();
        Volume.Dispose();
    }
}
