// SPDX-License-Identifier: GPL-3.0-or-later
// What is being typed, and what was set aside until the rest is typed: locked pages, one for each, wiped as soon as
// they are of no more use.
using System.Security.Cryptography;
using CardUnlock;
using UnlockAgent.Machine;

namespace UnlockAgent.Shell;

internal sealed class Entries : IDisposable
{
    private SecretBuffer entry = NewEntry();
    private SecretBuffer? resetCode;
    private SecretBuffer? newPin;

    /// <summary>True where the new PIN is there, and was typed the same way again.</summary>
    public bool PinsAreEqual => newPin is not null && CryptographicOperations.FixedTimeEquals(newPin.Span, entry.Span);

    /// <summary>Types an ASCII character.</summary>
    public void Append(char character) => entry.TryAppend([(byte)character]);

    public void DropLast() => entry.Truncate(entry.Length - 1);

    /// <summary>Wipes what is being typed.</summary>
    public void Clear() => entry.Clear();

    /// <summary>Wipes everything.</summary>
    public void Wipe()
    {
        entry.Clear();
        Forget(ref newPin);
        Forget(ref resetCode);
    }

    public void ForgetNewPin()
    {
        entry.Clear();
        Forget(ref newPin);
    }

    public void KeepResetCode() => Keep(ref resetCode);

    public void KeepNewPin() => Keep(ref newPin);

    /// <summary>Gives away what was typed; the entry is empty then.</summary>
    public SecretBuffer Take()
    {
        var taken = entry;
        entry = NewEntry();
        return taken;
    }

    /// <summary>Gives away the reset code and the new PIN, and wipes what was typed beside.</summary>
    /// <exception cref="InvalidOperationException">They were not both set aside.</exception>
    public (SecretBuffer ResetCode, SecretBuffer NewPin) TakeForReset()
    {
        if (resetCode is null || newPin is null)
        {
            throw new InvalidOperationException("No reset code or no new PIN was typed.");
        }

        var taken = (resetCode, newPin);
        (resetCode, newPin) = (null, null);
        entry.Clear();
        return taken;
    }

    public void Dispose()
    {
        entry.Dispose();
        Forget(ref newPin);
        Forget(ref resetCode);
    }

    private static SecretBuffer NewEntry() => SecretBuffer.Allocate(AgentMachine.MaxPassphraseLength);

    private static void Forget(ref SecretBuffer? secret)
    {
        secret?.Dispose();
        secret = null;
    }

    private void Keep(ref SecretBuffer? place)
    {
        place?.Dispose();
        place = Take();
    }
}
