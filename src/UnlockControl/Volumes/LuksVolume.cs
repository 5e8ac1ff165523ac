// SPDX-License-Identifier: GPL-3.0-or-later
// A LUKS2 volume's header, through libcryptsetup: keyslots, tokens, backup. No passphrase ever goes through a child program's arguments.
//
// Each call is one write of the header, which LUKS2 keeps twice and replaces whole: a power cut leaves the old one or the new one. What the
// order of calls must see to is only this: a keyslot before the token that names it, and a keyslot's end before its token's. Then
// whatever a power cut leaves behind can be told: UnnamedKeyslots after an addition, a token of ours without keyslots after a removal.
// Neither opens anything for anyone.
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using CardUnlock;
using UnlockControl.Native;

namespace UnlockControl.Volumes;

/// <summary>A token of the header.</summary>
internal sealed record HeaderToken(int Number, byte[] Json)
{
    /// <summary>Its type.</summary>
    public string Type { get; init; } = "";

    /// <summary>The keyslots that it names; a removed one is taken out by libcryptsetup.</summary>
    public IReadOnlyList<int> Keyslots { get; init; } = [];
}

/// <summary>An open header. Not thread safe.</summary>
internal sealed partial class LuksVolume : IDisposable
{
    /// <summary>The least that libcryptsetup allows (RFC 2898's), and enough: what it stretches is a random key.</summary>
    private const int Iterations = 1000;

    private const int EPERM = 1;

    private readonly CryptDevice _device;

    private LuksVolume(CryptDevice device, string path, string? header)
    {
        _device = device;
        Device = path;
        Header = header;
    }

    public string Device { get; }

    /// <summary>The detached header's file or device, or null.</summary>
    public string? Header { get; }

    /// <summary>The volume's UUID.</summary>
    public unsafe string Uuid => Text(LibCryptsetup.GetUuid(_device));

    /// <summary>The active keyslots' numbers: those that open the volume.</summary>
    public IReadOnlyList<int> Keyslots => [.. Numbers(KeyslotLimit).Where(IsActive)];

    /// <summary>All tokens, of whatever type: number and JSON.</summary>
    public IReadOnlyList<HeaderToken> Tokens => [.. Numbers(TokenLimit).Select(ReadToken).OfType<HeaderToken>()];

    /// <summary>
    /// The keyslots that a person's passphrase opens at a prompt: no token names them, cryptsetup tries them without being told to, and
    /// their key is stretched more than a random key needs.
    /// </summary>
    public IReadOnlyList<int> PassphraseSlots => [.. Unnamed().Where(slot => !IsForRandomKey(slot) && !IsPassedOver(slot))];

    /// <summary>
    /// The keyslots that no token names and that are made for a random key: of a key file, or left by an enrolment that a power cut ended.
    /// </summary>
    public IReadOnlyList<int> UnnamedKeyslots => [.. Unnamed().Where(IsForRandomKey)];

    private static unsafe int KeyslotLimit
    {
        get
        {
            fixed (byte* type = LibCryptsetup.Luks2)
            {
                return LibCryptsetup.KeyslotMax(type);
            }
        }
    }

    private static unsafe int TokenLimit
    {
        get
        {
            fixed (byte* type = LibCryptsetup.Luks2)
            {
                return LibCryptsetup.TokenMax(type);
            }
        }
    }

    /// <summary>Opens the header of a device or of a detached header file.</summary>
    /// <exception cref="LuksException">No LUKS2 header there, or no access.</exception>
    public static LuksVolume Open(string device, string? header = null)
    {
        try
        {
            CryptDevice context = CryptDevice.Open(device, header, out int result)
                ?? throw Opening(result, header is not null && !File.Exists(header) ? header : device);
            try
            {
                LoadHeader(context, header ?? device);
            }
            catch
            {
                context.Dispose();
                throw;
            }

            return new LuksVolume(context, device, header);
        }
        catch (DllNotFoundException)
        {
            throw new LuksException(
                LuksFault.NoLibrary, 0, $"{LibCryptsetup.Name} is not installed: install the package libcryptsetup12.");
        }
    }

    /// <summary>Tries a passphrase or a key on one keyslot or on all; opens nothing.</summary>
    /// <returns>The keyslot that it opens; null: none.</returns>
    public unsafe int? FindKeyslot(SecretBuffer passphrase, int? keyslot = null)
    {
        int result = LibCryptsetup.Activate(
            _device, null, keyslot ?? LibCryptsetup.CRYPT_ANY_SLOT, passphrase, (nuint)passphrase.Length, 0);
        return result == -EPERM ? Nothing() : Check(result, "The passphrase cannot be tried");
    }

    /// <summary>The keyslot stretches its key as little as a random key needs: no passphrase's does.</summary>
    public unsafe bool IsForRandomKey(int keyslot)
    {
        crypt_pbkdf_type pbkdf = default;
        return LibCryptsetup.KeyslotPbkdf(_device, keyslot, &pbkdf) == 0 && pbkdf.iterations <= Iterations
            && Text((byte*)pbkdf.type) == "pbkdf2";
    }

    /// <summary>Adds a keyslot for a random key: pbkdf2, minimal iterations.</summary>
    /// <param name="existing">What opens another keyslot; borrowed.</param>
    /// <param name="newKey">At least 16 random bytes: nothing makes guessing them dearer.</param>
    /// <returns>The new keyslot; null: <paramref name="existing"/> opens nothing.</returns>
    public int? AddKeyslot(SecretBuffer existing, SecretBuffer newKey)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(newKey.Length, 16, nameof(newKey));
        RefuseRestricted();
        UseCheapDerivation();
        int result = LibCryptsetup.KeyslotAdd(
            _device, LibCryptsetup.CRYPT_ANY_SLOT, existing, (nuint)existing.Length, newKey, (nuint)newKey.Length);
        if (result == -EPERM)
        {
            // EPERM also comes from a file that may not be written; a passphrase that opens a keyslot is not wrong.
            return FindKeyslot(existing) is null ? null : throw Failed(-EPERM, "The keyslot cannot be added");
        }

        return result < 0 ? throw KeyslotFailed(result) : Check(result, "");
    }

    /// <summary>Wipes a keyslot; tokens lose its number.</summary>
    public void RemoveKeyslot(int keyslot)
    {
        RefuseRestricted();
        if (!Keyslots.Contains(keyslot))
        {
            throw new LuksException(LuksFault.NotFound, 0, $"{Device} has no keyslot {keyslot}.");
        }

        _ = Check(LibCryptsetup.KeyslotDestroy(_device, keyslot), $"Keyslot {keyslot} cannot be removed");
    }

    /// <summary>Adds a token: one JSON object with "type" and "keyslots".</summary>
    /// <returns>The token's number.</returns>
    public int AddToken(ReadOnlySpan<byte> json) => SetToken(LibCryptsetup.CRYPT_ANY_TOKEN, json);

    /// <summary>Replaces a token in one write of the header.</summary>
    public void ReplaceToken(int token, ReadOnlySpan<byte> json) => SetToken(token, json);

    public unsafe void RemoveToken(int token)
    {
        RefuseRestricted();
        if (ReadToken(token) is null)
        {
            throw new LuksException(LuksFault.NotFound, 0, $"{Device} has no token {token}.");
        }

        _ = Check(LibCryptsetup.TokenSet(_device, token, null), $"Token {token} cannot be removed");
    }

    /// <summary>As luksHeaderBackup; the file must not exist, and is readable for its owner alone.</summary>
    public unsafe void Backup(string file)
    {
        if (Path.Exists(file))
        {
            throw new LuksException(LuksFault.Exists, 0, $"{file} is there already: name another file, nothing is overwritten.");
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(file)) ?? "/";
        if (!Directory.Exists(folder))
        {
            throw new LuksException(LuksFault.NotFound, 0, $"There is no folder {folder}.");
        }

        int result;
        fixed (byte* type = LibCryptsetup.Luks2)
        {
            result = LibCryptsetup.HeaderBackup(_device, type, file);
        }

        _ = Check(result, $"The header cannot be saved to {file}");
        if (LibcFiles.Sync(file) != 0 || LibcFiles.Sync(folder) != 0)
        {
            throw new LuksException(LuksFault.Other, 0, $"{file} may not have reached the disk: save the header elsewhere too.");
        }
    }

    /// <summary>Proves by `cryptsetup open --test-passphrase`, the program that a boot uses, that the key opens the slot.</summary>
    public bool Proves(SecretBuffer key, int keyslot)
    {
        // Without the last option a plugin for another program's token could open the slot in the key's place.
        List<string> arguments = ["open", "--test-passphrase", "--batch-mode", "--type", "luks2", "--key-file", "-",
            "--key-slot", $"{keyslot}", "--disable-external-tokens"];
        if (Header is not null)
        {
            arguments.AddRange(["--header", Header]);
        }

        return ChildProgram.Run("cryptsetup", [.. arguments, "--", Device], input: key).Status == 0;
    }

    public void Dispose() => _device.Dispose();

    private static IEnumerable<int> Numbers(int limit) => Enumerable.Range(0, Math.Max(0, limit));

    private static unsafe string Text(byte* text) =>
        text is null ? "" : Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text));

    private static int? Nothing()
    {
        _ = CryptDevice.TakeMessages();
        return null;
    }

    private bool IsActive(int keyslot) =>
        LibCryptsetup.KeyslotStatus(_device, keyslot) is LibCryptsetup.CRYPT_SLOT_ACTIVE or LibCryptsetup.CRYPT_SLOT_ACTIVE_LAST;

    private bool IsPassedOver(int keyslot) =>
        LibCryptsetup.KeyslotPriority(_device, keyslot) == LibCryptsetup.CRYPT_SLOT_PRIORITY_IGNORE;

    private IEnumerable<int> Unnamed()
    {
        HashSet<int> named = [.. Tokens.SelectMany(token => token.Keyslots)];
        return Keyslots.Where(slot => !named.Contains(slot));
    }

    private unsafe HeaderToken? ReadToken(int number)
    {
        byte* json = null;
        if (LibCryptsetup.TokenStatus(_device, number, null) is LibCryptsetup.CRYPT_TOKEN_INVALID or LibCryptsetup.CRYPT_TOKEN_INACTIVE
            || LibCryptsetup.TokenGet(_device, number, &json) < 0)
        {
            _ = CryptDevice.TakeMessages();
            return null;
        }

        byte[] bytes = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(json).ToArray();
        return Describe(new HeaderToken(number, bytes));
    }

    private unsafe void UseCheapDerivation()
    {
        fixed (byte* type = LibCryptsetup.Pbkdf2, hash = "sha256\0"u8)
        {
            var pbkdf = new crypt_pbkdf_type
            {
                type = (nint)type,
                hash = (nint)hash,
                iterations = Iterations,
                flags = LibCryptsetup.CRYPT_PBKDF_NO_BENCHMARK,
            };
            _ = Check(LibCryptsetup.SetPbkdf(_device, &pbkdf), "The key derivation is refused");
        }
    }

    private unsafe int SetToken(int number, ReadOnlySpan<byte> json)
    {
        RefuseRestricted();
        RefuseUnsound(json);
        byte[] text = [.. json, 0];
        fixed (byte* first = text)
        {
            int result = LibCryptsetup.TokenSet(_device, number, first);
            return result < 0 ? throw TokenFailed(result, json.Length) : Check(result, "");
        }
    }

    private static HeaderToken Describe(HeaderToken token)
    {
        using var document = JsonDocument.Parse(token.Json);
        JsonElement root = document.RootElement;
        return token with
        {
            Type = root.GetProperty("type").GetString() ?? "",
            Keyslots = [.. root.GetProperty("keyslots").EnumerateArray()
                .Select(slot => int.Parse(slot.GetString() ?? "", System.Globalization.CultureInfo.InvariantCulture))],
        };
    }
}
