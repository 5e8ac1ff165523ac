// SPDX-License-Identifier: GPL-3.0-or-later
// What opens a volume beside the cards: a passphrase that is typed, or a key file. Neither has a counter, so a typing error costs nothing.
using CardUnlock;
using UnlockControl.Terminal;
using UnlockControl.Volumes;

namespace UnlockControl.Enrolment;

/// <summary>A secret that opens a keyslot; the receiver disposes it.</summary>
internal sealed record Opener(SecretBuffer Secret, int Keyslot) : IDisposable
{
    public void Dispose() => Secret.Dispose();
}

internal static class Passphrase
{
    // As cryptsetup(8) has them.
    private const int MaxTyped = 512;
    private const int MaxFile = 8 << 20;
    private const int Tries = 3;

    /// <summary>Asks until one opens the volume, three times at most.</summary>
    /// <param name="slots">The keyslots that it may open; null: any.</param>
    /// <exception cref="Refusal">None did, or the person gave up.</exception>
    public static Opener Ask(IPrompt prompt, LuksVolume volume, string name, string? keyFile, IReadOnlyList<int>? slots = null)
    {
        if (keyFile is not null)
        {
            return FromFile(volume, name, keyFile, slots);
        }

        for (int left = Tries; left > 0; left--)
        {
            var typed = prompt.AskSecret($"Passphrase of {name}", MaxTyped) ?? throw new Refusal(
                ExitCode.GivenUp, "No passphrase was given: nothing was changed. (--unlock-key-file FILE takes it from a file.)");
            if (Try(prompt, volume, typed, slots) is { } opener)
            {
                return opener;
            }

            if (left > 1)
            {
                prompt.Complain($"That does not open {name}. Please try again.");
            }
        }

        throw new Refusal(ExitCode.Refused, $"No passphrase of {name} was typed: nothing was changed.");
    }

    private static Opener FromFile(LuksVolume volume, string name, string path, IReadOnlyList<int>? slots)
    {
        var secret = Read(path);
        if (FindKeyslot(volume, secret, slots) is { } slot)
        {
            return new Opener(secret, slot);
        }

        secret.Dispose();
        throw new Refusal(ExitCode.Refused, $"What is in {path} does not open {name}: nothing was changed.");
    }

    private static Opener? Try(IPrompt prompt, LuksVolume volume, SecretBuffer typed, IReadOnlyList<int>? slots)
    {
        int? slot = null;
        prompt.Progress("Trying the passphrase", _ => slot = FindKeyslot(volume, typed, slots));
        if (slot is { } found)
        {
            return new Opener(typed, found);
        }

        typed.Dispose();
        return null;
    }

    private static int? FindKeyslot(LuksVolume volume, SecretBuffer secret, IReadOnlyList<int>? slots)
    {
        if (secret.Length == 0)
        {
            return null;
        }

        return slots is null
            ? volume.FindKeyslot(secret)
            : slots.Select(slot => volume.FindKeyslot(secret, slot)).FirstOrDefault(static slot => slot is not null);
    }

    /// <summary>Every byte of the file, a newline at its end too.</summary>
    private static SecretBuffer Read(string path)
    {
        try
        {
            using var handle = File.OpenHandle(path);
            using var stream = new FileStream(handle, FileAccess.Read, bufferSize: 0);
            // A pipe has no length; a passphrase or a key that comes through one is short.
            const int FromPipe = 8192;
            long length = stream.CanSeek ? stream.Length : FromPipe;
            if (length is 0 or > MaxFile)
            {
                throw new Refusal(ExitCode.Failure, $"{path} is empty, or larger than 8 MiB: no key file.");
            }

            return ReadAll(stream, (int)length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new Refusal(ExitCode.Failure, $"{path} cannot be read: {e.Message}");
        }
    }

    private static SecretBuffer ReadAll(FileStream stream, int most)
    {
        var all = SecretBuffer.Allocate(most);
        using var part = SecretBuffer.Allocate(1);
        try
        {
            part.TryAppend([0]);
            while (all.Length < most && stream.Read(part.Span) == 1)
            {
                all.TryAppend(part.Span);
            }

            return all.Move();
        }
        finally
        {
            all.Dispose();
        }
    }
}
