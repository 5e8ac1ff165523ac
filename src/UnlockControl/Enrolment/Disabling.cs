// SPDX-License-Identifier: GPL-3.0-or-later
// disable: back to the passphrase. crypttab and the initramfs first; only when a boot asks for the passphrase again, the card's keys go.
using CardUnlock;
using UnlockControl.Terminal;
using UnlockControl.Volumes;

namespace UnlockControl.Enrolment;

internal static class Disabling
{
    private const string What = "that is set up for a card";

    public static ExitCode One(IPrompt prompt, EnrolOptions options, bool keepKeys)
    {
        using var job = Job.Open(prompt, options, static entry => entry.IsOurs, What);
        return Run(job, keepKeys, force: false);
    }

    /// <summary>Every entry of ours. With kept keys nothing is asked: the package's removal calls it so.</summary>
    public static ExitCode All(IPrompt prompt, EnrolOptions options, bool keepKeys)
    {
        var crypttab = Crypttab.Read();
        string[] names = [.. Ours(crypttab).Select(static entry => entry.Name)];
        if (names.Length == 0)
        {
            prompt.Say($"{Crypttab.Path} names no volume {What}: there is nothing to do.");
            return ExitCode.Success;
        }

        if (keepKeys)
        {
            return KeepAll(prompt, options with { Yes = true }, crypttab);
        }

        foreach (string name in names)
        {
            var code = One(prompt, options with { Volume = name }, keepKeys: false);
            if (code != ExitCode.Success)
            {
                return code;
            }
        }

        return ExitCode.Success;
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
        var boot = new BootSetup(job, job.Crypttab.WithoutAgent(job.Entry));
        boot.Agree();
        boot.Apply();
        if (keepKeys)
        {
            job.Steps.Commit();
            boot.DropKept();
            return Tell(job, $"{job.Name} asks for its passphrase from the next boot on. The card's keys are kept: `unlockctl enroll {job.Name}` "
                + "takes them up again.");
        }

        KeySteps.RemoveOldTokens(job);
        if (stored.File is { } file)
        {
            KeySteps.RemoveFile(job.Steps, file);
            KeySteps.RemoveFile(job.Steps, file + StoredKeys.PublicKeysSuffix);
        }

        var left = KeySteps.CommitAndRemove(job, stored.Keyslots);
        boot.DropKept();
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

    private static ExitCode KeepAll(IPrompt prompt, EnrolOptions options, Crypttab crypttab)
    {
        var after = crypttab;
        for (var entry = Ours(after).FirstOrDefault(); entry is not null; entry = Ours(after).FirstOrDefault())
        {
            RequirePassphraseSlotOf(prompt, entry);
            after = after.WithoutAgent(entry);
        }

        using var steps = Job.NewSteps(prompt, options);
        var boot = new BootSetup(prompt, options, steps, crypttab, after);
        boot.Agree();
        boot.Apply();
        steps.Commit();
        boot.DropKept();
        prompt.Say("Every volume asks for its passphrase from the next boot on. The cards' keys are kept.");
        return ExitCode.Success;
    }

    private static IEnumerable<CrypttabEntry> Ours(Crypttab crypttab) => crypttab.Entries.Where(static entry => entry.IsOurs);

    /// <summary>A disk that is not there keeps nothing from being put back: no key of it is taken away.</summary>
    private static void RequirePassphraseSlotOf(IPrompt prompt, CrypttabEntry entry)
    {
        try
        {
            using var volume = Job.OpenHeader(entry);
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
