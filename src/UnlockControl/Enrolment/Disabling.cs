// SPDX-License-Identifier: GPL-3.0-or-later
// disable: back to the passphrase. crypttab and the initramfs first; only when a boot asks for the passphrase again, the card's keys go.
using UnlockControl.Terminal;
using UnlockControl.Volumes;

namespace UnlockControl.Enrolment;

internal static class Disabling
{
    /// <summary>The names of the entries of ours.</summary>
    public static IReadOnlyList<string> Names() => [.. Ours(Crypttab.Read()).Select(static entry => entry.Name)];

    public static ExitCode One(Work work, bool keepKeys)
    {
        using var job = Job.Open(work, isEnrolled: true);
        return Run(job, keepKeys, force: false);
    }

    /// <param name="force">No passphrase is left to go back to, and the person knows.</param>
    public static ExitCode Run(Job job, bool keepKeys, bool force)
    {
        if (!force)
        {
            RequirePassphraseSlot(job.Volume, job.Name);
        }

        if (!force && !keepKeys && !job.Options.DryRun)
        {
            RequireKnownPassphrase(job);
        }

        var stored = job.Stored;
        var boot = new BootSetup(job.Work, job.Crypttab, job.Crypttab.WithoutAgent(job.Entry));
        boot.Agree();
        boot.Apply();
        if (keepKeys)
        {
            job.Work.Commit();
            boot.DropKept();
            return Tell(job, $"{job.Name} asks for its passphrase from the next boot on. The card's keys are kept: `unlockctl "
                + $"enroll {job.Name}` "
                + "takes them up again.");
        }

        KeySteps.RemoveOldTokens(job);
        if (stored.File is { } file)
        {
            KeySteps.RemoveFile(job.Work, file);
            KeySteps.RemoveFile(job.Work, file + StoredKeys.PublicKeysSuffix);
        }

        var doubtful = KeySteps.Doubtful(job);
        List<string> left = [.. KeySteps.CommitAndRemove(job, [.. stored.Keyslots.Except(doubtful)])];
        boot.DropKept();
        if (doubtful.Count > 0 && !job.Options.DryRun)
        {
            left.Add($"{Wording.KeyslotsOf(doubtful)} of {job.Name}, which a token named, may be a passphrase's or another program's, and stays. "
                + $"If it is not: `cryptsetup luksKillSlot {job.Volume.Device} NUMBER` removes it.");
        }

        if (left.Count > 0)
        {
            throw new Refusal(ExitCode.NotUndone, string.Join('\n', left));
        }

        if (!job.Options.DryRun && stored.Keyslots.Count > 0)
        {
            Advice.SayOldBackups(job);
        }

        return Tell(job, force ? $"Nothing opens {job.Name} any more." : $"{job.Name} is opened by its passphrase only.");
    }

    /// <summary>Puts every entry of ours back and asks nothing: the package's removal calls it so.</summary>
    public static ExitCode KeepAll(Work work)
    {
        var before = Crypttab.Read();
        var after = before;
        for (var entry = Ours(after).FirstOrDefault(); entry is not null; entry = Ours(after).FirstOrDefault())
        {
            RequirePassphraseSlotOf(work.Prompt, entry);
            after = after.WithoutAgent(entry);
        }

        var boot = new BootSetup(work, before, after);
        boot.Agree();
        boot.Apply();
        work.Commit();
        boot.DropKept();
        work.Prompt.Say("Every volume asks for its passphrase from the next boot on. The cards' keys are kept.");
        return ExitCode.Success;
    }

    private static IEnumerable<CrypttabEntry> Ours(Crypttab crypttab) => crypttab.Entries.Where(static entry => entry.IsOurs);

    /// <summary>A disk that is not there keeps nothing from being put back: no key of it is taken away.</summary>
    private static void RequirePassphraseSlotOf(IPrompt prompt, CrypttabEntry entry)
    {
        try
        {
            // A header elsewhere says it too, whether its disk is there or not.
            using var volume = entry.Header is { } header ? LuksVolume.Open(header) : Job.OpenHeader(entry);
            RequirePassphraseSlot(volume, entry.Name);
        }
        catch (Exception e) when (e is LuksException or Refusal { Code: ExitCode.Failure })
        {
            prompt.Complain($"Whether a passphrase opens {entry.Name} cannot be seen: {e.Message}");
        }
    }

    private static void RequirePassphraseSlot(LuksVolume volume, string name)
    {
        if (volume.PassphraseSlots.Count == 0)
        {
            throw new Refusal(ExitCode.LastWayIn, $"No passphrase opens {name}, only cards do: without them it would be lost. Nothing was "
                + $"changed. Add a passphrase first: `cryptsetup luksAddKey {volume.Device}`.");
        }
    }

    /// <summary>A passphrase that nobody remembers is no way in: after years with a card it may be forgotten.</summary>
    private static void RequireKnownPassphrase(Job job) => Passphrase
        .Ask(job.Prompt, job.Volume, job.Name, job.Options.UnlockKeyFile, job.Volume.PassphraseSlots).Dispose();

    private static ExitCode Tell(Job job, string line)
    {
        if (!job.Options.DryRun)
        {
            job.Prompt.Say("Done: " + line);
        }

        return ExitCode.Success;
    }
}
