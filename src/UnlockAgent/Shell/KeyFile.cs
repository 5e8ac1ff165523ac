// SPDX-License-Identifier: GPL-3.0-or-later
// Reads the key file that crypttab names; whatever is wrong with it becomes a KeyFileFault and never an exception.
using CardUnlock;
using UnlockAgent.Machine;

namespace UnlockAgent.Shell;

internal static class KeyFile
{
    public static KeyFileFault Read(string path, out EncryptedKey? message)
    {
        message = null;
        try
        {
            using var handle = File.OpenHandle(path);
            long length = RandomAccess.GetLength(handle);
            if (length > EncryptedKey.MaxFileLength)
            {
                return KeyFileFault.TooLarge;
            }

            byte[] bytes = new byte[length];
            int read = RandomAccess.Read(handle, bytes, 0);
            return FaultOf(EncryptedKey.Parse(bytes.AsSpan(0, read), out message));
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
