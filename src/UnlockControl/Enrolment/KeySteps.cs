// SPDX-License-Identifier: GPL-3.0-or-later
// The steps that put a new key into a volume and take an old one out of it: whatever can be undone first, and at the very end, when
// the new key is proved and everything else is done, what cannot: the old keyslots.
using System.Globalization;
using CardUnlock;
using UnlockControl.Volumes;

namespace UnlockControl.Enrolment;

internal static class KeySteps
{
    /// <summary>A new keyslot, the message that opens it, and the proof by the program that a boot uses.</summary>
    /// <param name="opener">What opens another keyslot; borrowed; null in a dry run.</param>
    /// <param name="file">Where the message is kept; null: a token.</param>
    public static void Store(Job job, NewKey key, SecretBuffer? opener, string? file)
    {
        var (work, volume) = (job.Work, job.Volume);
        int? keyslot = null;
        work.Do(
            "Add a keyslot for the new key",
            () => job.Prompt.Progress("Adding a keyslot", _ => keyslot = volume.AddKeyslot(opener!, key.Secret)
                ?? throw new StepException($"{job.Name} took no keyslot: what opened it before does not any more.")),
            () => volume.RemoveKeyslot(keyslot!.Value));
        StoreToken(job, file is null ? "Store the encrypted key as a token in the LUKS2 header" : "Mark the keyslot as a card's",
            () => file is null
                ? KeyMessage.ToToken([keyslot!.Value], key.Message, key.Recipients)
                : StoredKeys.MarkFor(keyslot!.Value, file));
        if (file is not null)
        {
            StoreFile(work, file, () => key.Message);
            StoreFile(work, file + StoredKeys.PublicKeysSuffix, () => key.PublicKeys);
        }

        work.Do("Prove with cryptsetup that the new key opens its keyslot", () => job.Prompt.Progress("Proving the keyslot", _ =>
        {
            if (!volume.Proves(key.Secret, keyslot!.Value))
            {
                throw new StepException("cryptsetup does not open the new keyslot with the new key.");
            }
        }));
    }

    /// <summary>Takes the tokens that were there before out of the header; undoing puts each back under its number.</summary>
    public static void RemoveOldTokens(Job job)
    {
        foreach (var token in job.Stored.Tokens)
        {
            job.Work.Do(
                string.Create(CultureInfo.InvariantCulture, $"Remove the old token {token.Number}"),
                () => job.Volume.RemoveToken(token.Number),
                () => job.Volume.ReplaceToken(token.Number, token.Json));
        }
    }

    /// <summary>
    /// The keyslots that tokens of ours name and that are not made for a random key, or that another program's token names too: somebody may
    /// have named them by mistake, and what nobody has seen a card's key open is not ours to remove.
    /// </summary>
    public static IReadOnlyList<int> Doubtful(Job job) =>
        [.. job.Stored.Keyslots.Where(slot => !job.Volume.IsForRandomKey(slot)).Concat(job.Stored.Shared).Intersect(job.Volume.Keyslots)];

    /// <summary>Commits, and removes old keyslots, which nothing undoes.</summary>
    /// <returns>The reasons why some are left, each for a person; empty: all are gone.</returns>
    public static IReadOnlyList<string> CommitAndRemove(Job job, IReadOnlyList<int> keyslots)
    {
        if (job.Options.DryRun)
        {
            foreach (int keyslot in keyslots)
            {
                job.Prompt.Say($"would do: {RemovalOf(keyslot)}");
            }

            return [];
        }

        job.Work.Commit();
        return [.. keyslots.Select(keyslot => Remove(job, keyslot)).OfType<string>()];
    }

    /// <summary>Deletes a file; undoing writes it again.</summary>
    public static void RemoveFile(Work work, string path)
    {
        var file = new ReplacedFile(path);
        work.Do($"Remove {path}", file.Delete, file.Restore);
    }

    private static string? Remove(Job job, int keyslot)
    {
        try
        {
            job.Prompt.Say(RemovalOf(keyslot));
            job.Volume.RemoveKeyslot(keyslot);
            return null;
        }
        catch (LuksException e)
        {
            return string.Create(CultureInfo.InvariantCulture,
                $"The old keyslot {keyslot} could not be removed ({e.Message}): `cryptsetup luksKillSlot {job.Volume.Device} "
                    + $"{keyslot}` does it.");
        }
    }

    private static string RemovalOf(int keyslot) => string.Create(CultureInfo.InvariantCulture, $"Remove the old keyslot {keyslot}");

    private static void StoreToken(Job job, string what, Func<byte[]> json)
    {
        int? token = null;
        job.Work.Do(what, () => token = job.Volume.AddToken(json()), () => job.Volume.RemoveToken(token!.Value));
    }

    private static void StoreFile(Work work, string path, Func<byte[]> content)
    {
        var file = new ReplacedFile(path);
        work.Do($"Write {path}", () => file.Write(content()), file.Restore);
    }
}
