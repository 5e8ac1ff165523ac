// SPDX-License-Identifier: GPL-3.0-or-later
// A LUKS2 volume's header, through libcryptsetup: keyslots, tokens, backup. No passphrase ever goes through a child program's arguments.
using CardUnlock;

namespace UnlockControl.Volumes;

/// <summary>The header was refused or could not be written.</summary>
internal sealed class LuksException(string operation, int errno, string detail) : Exception($"{operation}: {detail}")
{
    /// <summary>What was tried.</summary>
    public string Operation { get; } = operation;

    /// <summary>A positive errno, as libcryptsetup gave it.</summary>
    public int Errno { get; } = errno;
}

/// <summary>An open header. Not thread safe.</summary>
internal sealed class LuksVolume : IDisposable
{
    /// <summary>Opens the header of a device or of a detached header file.</summary>
    /// <exception cref="LuksException">No LUKS2 header there, or no access.</exception>
    public static LuksVolume Open(string device, string? header = null) => throw new NotSupportedException();

    public string Device => throw new NotSupportedException();

    /// <summary>The volume's UUID.</summary>
    public string Uuid => throw new NotSupportedException();

    /// <summary>The active keyslots' numbers.</summary>
    public IReadOnlyList<int> Keyslots => throw new NotSupportedException();

    /// <summary>All tokens, of whatever type: number and JSON.</summary>
    public IReadOnlyList<HeaderToken> Tokens => throw new NotSupportedException();

    /// <summary>The keyslots that no token names: passphrases and key files.</summary>
    public IReadOnlyList<int> PassphraseSlots => throw new NotSupportedException();

    /// <summary>Tries a passphrase or a key on one keyslot or on all; opens nothing.</summary>
    /// <returns>The keyslot that it opens; null: none.</returns>
    public int? FindKeyslot(SecretBuffer passphrase, int? keyslot = null) => throw new NotSupportedException();

    /// <summary>Adds a keyslot for a random key: pbkdf2, minimal iterations.</summary>
    /// <param name="existing">What opens another keyslot; borrowed.</param>
    /// <returns>The new keyslot; null: <paramref name="existing"/> opens nothing.</returns>
    public int? AddKeyslot(SecretBuffer existing, SecretBuffer newKey) => throw new NotSupportedException();

    public void RemoveKeyslot(int keyslot) => throw new NotSupportedException();

    /// <returns>The token's number.</returns>
    public int AddToken(ReadOnlySpan<byte> json) => throw new NotSupportedException();

    public void RemoveToken(int token) => throw new NotSupportedException();

    /// <summary>As luksHeaderBackup; the file must not exist, and is readable for its owner alone.</summary>
    public void Backup(string file) => throw new NotSupportedException();

    /// <summary>Proves by `cryptsetup open --test-passphrase --key-slot`, the program that a boot uses, that the key opens the slot.</summary>
    public bool Proves(SecretBuffer key, int keyslot) => throw new NotSupportedException();

    public void Dispose()
    {
    }
}

/// <summary>A token of the header.</summary>
internal sealed record HeaderToken(int Number, byte[] Json);
