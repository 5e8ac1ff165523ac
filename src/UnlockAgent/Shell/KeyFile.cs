// SPDX-License-Identifier: GPL-3.0-or-later
// Reads the key file that crypttab names; whatever is wrong with it becomes a KeyFileFault and never an exception.
using CardUnlock;
using UnlockAgent.Machine;

namespace UnlockAgent.Shell;

internal static class KeyFile
{
    /// <summary>Behind a key file's name: the recipients' public keys, as `gpg --export` writes them; may be missing.</summary>
    public const string PublicKeysSuffix = ".pub";

    public static KeyFileFault Read(string path, out EncryptedKey? message)
    {
        message = null;
        var fault = ReadAll(path, out byte[] file);
        if (fault != KeyFileFault.None)
        {
            return fault;
        }

        var other = ReadAll(path + PublicKeysSuffix, out byte[] publicKeys);
        if (other is not (KeyFileFault.None or KeyFileFault.Missing))
        {
            Log.Write($"the public keys of {path} are passed over: {other}");
        }

        return FaultOf(KeySource.Parse(path, file, publicKeys, wanted: null, out message));
    }

    private static KeyFileFault ReadAll(string path, out byte[] content)
    {
        content = [];
        try
        {
            using var handle = File.OpenHandle(path);
            long length = RandomAccess.GetLength(handle);
            if (length > EncryptedKey.MaxFileLength)
            {
                return KeyFileFault.TooLarge;
            }

            byte[] bytes = new byte[length];
            content = bytes[..RandomAccess.Read(handle, bytes, 0)];
            return KeyFileFault.None;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return KeyFileFault.Missing;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return KeyFileFault.Unreadable;
        }
    }

    private static KeyFileFault FaultOf(MessageFault fault) => fault switch
    {
        MessageFault.None => KeyFileFault.None,
        MessageFault.Empty => KeyFileFault.Empty,
        MessageFault.Truncated => KeyFileFault.Truncated,
        MessageFault.DamagedArmour => KeyFileFault.DamagedArmour,
        MessageFault.NotOpenPgp => KeyFileFault.NotOpenPgp,
        MessageFault.NoIntegrity => KeyFileFault.NoIntegrity,
        MessageFault.UnsupportedAlgorithm => KeyFileFault.Unsupported,
        MessageFault.TooLarge => KeyFileFault.TooLarge,
        _ => KeyFileFault.Unreadable,
    };
}
