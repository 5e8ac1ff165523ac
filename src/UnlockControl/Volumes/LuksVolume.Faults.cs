// SPDX-License-Identifier: GPL-3.0-or-later
// libcryptsetup's refusals as named faults. It gives EINVAL for half of them, so the header itself is asked what is wrong.
using System.Text.Json;
using UnlockControl.Native;

namespace UnlockControl.Volumes;

internal sealed partial class LuksVolume
{
    private const int ENOENT = 2, ENXIO = 6, EACCES = 13, EBUSY = 16, ENODEV = 19, EINVAL = 22, ETXTBSY = 26, ENOSPC = 28, EROFS = 30;

    private static unsafe void LoadHeader(CryptDevice context, string path)
    {
        fixed (byte* luks2 = LibCryptsetup.Luks2, luks1 = LibCryptsetup.Luks1)
        {
            int result = LibCryptsetup.Load(context, luks2, null);
            if (result == 0)
            {
                return;
            }

            string said = CryptDevice.TakeMessages();
            bool isOld = LibCryptsetup.Load(context, luks1, null) == 0;
            _ = CryptDevice.TakeMessages();
            throw isOld ? OldHeader(path)
                : result == -EINVAL ? NoHeader(path)
                : Failed(result, $"The header of {path} cannot be read", said);
        }
    }

    private static LuksException OldHeader(string path) => new(
        LuksFault.Luks1,
        EINVAL,
        $"{path} is a LUKS1 volume, which has no room for a card's key. Convert it, closed and with a header backup: "
            + $"cryptsetup luksHeaderBackup --header-backup-file FILE {path}, then cryptsetup convert --type luks2 {path}.");

    private static LuksException NoHeader(string path) => new(
        LuksFault.NotLuks,
        EINVAL,
        $"{path} has no LUKS header. If its header is kept elsewhere, crypttab's option header= must say where; "
            + "lsblk -f shows which devices are LUKS.");

    private static LuksException Opening(int result, string path) => -result is ENOENT or ENODEV or ENXIO || !Path.Exists(path)
        ? new LuksException(LuksFault.NotFound, -result, $"{path} is not there.")
        : Failed(result, $"{path} cannot be opened", CryptDevice.TakeMessages());

    private static LuksException Failed(int result, string what) => Failed(result, what, CryptDevice.TakeMessages());

    private static LuksException Failed(int result, string what, string said)
    {
        (LuksFault fault, string why) = -result switch
        {
            EPERM or EACCES => (LuksFault.NoAccess, "permission denied; run this as root."),
            EROFS => (LuksFault.ReadOnly, "it can only be read; a write protection or a mount for reading only must be lifted first."),
            ETXTBSY => (LuksFault.Reencryption, Restricted),
            EBUSY => (LuksFault.Busy, "another program holds it; wait for it to end and try again."),
            ENOENT => (LuksFault.NotFound, "it is not there."),
            ENOSPC => (LuksFault.HeaderFull, "there is no room left."),
            _ => (LuksFault.Other, $"error {-result}."),
        };
        return new LuksException(fault, -result, said.Length == 0 ? $"{what}: {why}" : $"{what}: {why} (libcryptsetup: {said})");
    }

    private const string Restricted = "the volume is being encrypted anew, or needs a newer cryptsetup. `cryptsetup luksDump` shows "
        + "what it requires; finish a reencryption with `cryptsetup reencrypt --resume-only` first.";

    private unsafe void RefuseRestricted()
    {
        _ = CryptDevice.TakeMessages();
        uint* flags = stackalloc uint[1];
        int result = LibCryptsetup.PersistentFlags(_device, LibCryptsetup.CRYPT_FLAGS_REQUIREMENTS, flags);
        if (result == -ETXTBSY || (result == 0 && *flags != 0))
        {
            throw new LuksException(LuksFault.Reencryption, ETXTBSY, $"{Device} cannot be changed now: {Restricted}");
        }

        _ = Check(result, "The header cannot be read");
        if (BlockDevices.IsReadOnly(Header ?? Device))
        {
            throw Failed(-EROFS, $"{Header ?? Device} cannot be changed");
        }
    }

    /// <summary>What libcryptsetup would refuse with the same EINVAL as a full header.</summary>
    private void RefuseUnsound(ReadOnlySpan<byte> json)
    {
        HeaderToken token;
        try
        {
            token = Describe(new HeaderToken(0, json.ToArray()));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new ArgumentException("A token is one JSON object with a type and keyslots.", nameof(json), e);
        }

        foreach (int absent in token.Keyslots.Except(Keyslots))
        {
            throw new LuksException(LuksFault.NotFound, 0, $"{Device} has no keyslot {absent}, which the token names.");
        }
    }

    private LuksException TokenFailed(int result, int length)
    {
        if (-result is not (EINVAL or ENOSPC))
        {
            return Failed(result, "The token cannot be written");
        }

        _ = CryptDevice.TakeMessages();
        return new LuksException(
            LuksFault.HeaderFull,
            -result,
            Tokens.Count >= TokenLimit
                ? $"The header of {Device} holds {TokenLimit} tokens, the most that LUKS2 allows: remove one that is no longer used."
                : $"The header of {Device} has no room for a token of {length} bytes: remove a token or a card that is no longer used, "
                    + "or keep the key in a file (--key-file).");
    }

    private LuksException KeyslotFailed(int result)
    {
        if (-result is not (EINVAL or ENOSPC or ENOENT))
        {
            return Failed(result, "The keyslot cannot be added");
        }

        string said = CryptDevice.TakeMessages();
        return new LuksException(
            LuksFault.NoFreeKeyslot,
            -result,
            Keyslots.Count >= KeyslotLimit
                ? $"All {KeyslotLimit} keyslots of {Device} are in use: remove one that is no longer used "
                    + $"(cryptsetup luksKillSlot {Device} NUMBER)."
                : $"The header of {Device} has no room for another keyslot: remove one that is no longer used (cryptsetup luksKillSlot "
                    + $"{Device} NUMBER). (libcryptsetup: {said})");
    }

    /// <returns>The result, which is a number of the library's.</returns>
    private static int Check(int result, string what)
    {
        if (result < 0)
        {
            throw Failed(result, what);
        }

        _ = CryptDevice.TakeMessages();
        return result;
    }
}
