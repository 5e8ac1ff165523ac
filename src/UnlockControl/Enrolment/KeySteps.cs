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
        var (steps, volume) = (job.Steps, job.Volume);
        int? keyslot = null;
        steps.Do(
            "Add a keyslot for the new key",
            () => job.Prompt.Progress("Adding a keyslot", _ => keyslot = volume.AddKeyslot(opener!, key.Secret)
                ?? throw new StepException($"{job.Name} took no keyslot: what opened it before does not any more.")),
            () => Forget(ref keyslot, volume.RemoveKeyslot));
        StoreToken(job, file is null ? "Store the encrypted key as a token in the LUKS2 header" : "Mark the keyslot as a card's",
            () => file is null ? KeyMessage.ToToken([keyslot!.Value], key.Message, key.Recipients) : StoredKeys.MarkFor(keyslot!.Value, file));
        if (file is not null)
        {
            StoreFile(steps, file, () => key.Message);
            StoreFile(steps, file + StoredKeys.PublicKeysSuffix, () => key.PublicKeys);
        }

        steps.Do("Prove with cryptsetup that the new key opens its keyslot", () => job.Prompt.Progress("Proving the keyslot", _ =>
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
            bool isRemoved = false;
            job.Steps.Do(
                string.Create(CultureInfo.InvariantCulture, $"Remove the old token {token.Number}"),
                () =>
                {
                    job.Volume.RemoveToken(token.Number);
                    isRemoved = true;
                },
                () =>
                {
                    if (isRemoved)
                    {
                        job.Volume.AddToken(token.Json, token.Number);
                        isRemoved = false;
                    }
                });
        }
    }

    /// <summary>Commits, and removes old keyslots, which nothing undoes.</summary>
    /// <returns>The reasons why some are left, each for a person; empty: all are gone.</returns>
    public static IReadOnlyList<string> CommitAndRemove(Job job, IReadOnlyList<int> keyslots)
    {
        List<string> left = [];
        job.Steps.Commit();
        foreach (int keyslot in keyslots)
        {
            try
            {
                job.Steps.Do(
                    string.Create(CultureInfo.InvariantCulture, $"Remove the old keyslot {keyslot}"), () => job.Volume.RemoveKeyslot(keyslot));
            }
            catch (LuksException e)
            {
                left.Add(string.Create(CultureInfo.InvariantCulture,
                    $"The old keyslot {keyslot} could not be removed ({e.Message}): `cryptsetup luksKillSlot {job.Volume.Device} {keyslot}` does it."));
            }
        }

        return left;
    }

    /// <summary>Deletes a file; undoing writes it again.</summary>
    public static void RemoveFile(Steps steps, string path)
    {
        var file = new ReplacedFile(path);
        steps.Do($"Remove {path}", file.Delete, file.Restore);
    }

    private static void StoreToken(Job job, string what, Func<byte[]> json)
    {
        int? token = null;
        job.Steps.Do(what, () => token = job.Volume.AddToken(json()), () => Forget(ref token, job.Volume.RemoveToken));
    }

    private static void StoreFile(Steps steps, string path, Func<byte[]> content)
    {
        var file = new ReplacedFile(path);
        steps.Do($"Write {path}", () => file.Write(content()), file.Restore);
    }

    private static void Forget(ref int? number, Action<int> remove)
    {
        if (number is { } there)
        {
            remove(there);
            number = null;
        }
    }
}
