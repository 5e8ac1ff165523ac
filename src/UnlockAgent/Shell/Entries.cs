// SPDX-License-Identifier: GPL-3.0-or-later
// What is being typed, and what was set aside until the rest is typed: locked pages, one for each, wiped as soon as
// they are of no more use.
using System.Security.Cryptography;
using System.Text;
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

    /// <summary>What is being typed, as UTF-8, where it is a passphrase that the person wants to see; else nothing. Never a PIN or a reset code.</summary>
    public ReadOnlySpan<byte> RevealedBy(AgentState state) => state is { Mode: Mode.Passphrase, Revealed: true } ? entry.Span : [];

    /// <summary>The UTF-8 bytes of the last character, 1 to 4; 0 where nothing is typed.</summary>
    public int LastCharacterBytes
    {
        get
        {
            ReadOnlySpan<byte> typed = entry.Span;
            int start = typed.Length - 1;
            while (start > 0 && (typed[start] & 0xC0) == 0x80)
            {
                start--;
            }

            return typed.Length - Math.Max(start, 0);
        }
    }

    /// <summary>Types a character, as UTF-8.</summary>
    /// <param name="character">A Unicode scalar value.</param>
    /// <exception cref="InvalidOperationException">It is none, or there is no room for it.</exception>
    public void Append(int character)
    {
        Span<byte> utf8 = stackalloc byte[4];
        bool fits = Rune.TryCreate(character, out var rune) && entry.TryAppend(utf8[..rune.EncodeToUtf8(utf8)]);
        CryptographicOperations.ZeroMemory(utf8);
        if (!fits)
        {
            throw new InvalidOperationException("The entry does not take this character.");
        }
    }

    /// <summary>Drops the last character, whole.</summary>
    public void DropLast() => entry.Truncate(entry.Length - LastCharacterBytes);

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
