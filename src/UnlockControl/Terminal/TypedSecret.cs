// SPDX-License-Identifier: GPL-3.0-or-later
// What keys do to a line that is typed: bytes of a terminal without line editing in, UTF-8 in locked memory. Pure.
using CardUnlock;

namespace UnlockControl.Terminal;

/// <summary>What a byte was.</summary>
internal enum TypedKey
{
    /// <summary>Part of the line, or a change of it.</summary>
    Edited,

    /// <summary>The line is whole.</summary>
    Enter,

    /// <summary>Ctrl-D on an empty line.</summary>
    GiveUp,

    /// <summary>Ctrl-C, Ctrl-\.</summary>
    Interrupt,

    /// <summary>Ctrl-Z.</summary>
    Stop,

    /// <summary>There is no room for it, or it is no character.</summary>
    Refused,
}

/// <summary>A line being typed; dispose it, or take it out.</summary>
internal sealed class TypedSecret(int most) : IDisposable
{
    private const byte ControlC = 3, ControlD = 4, Backspace = 8, LineFeed = 10, Return = 13, ControlU = 21, ControlW = 23,
        ControlZ = 26, Escape = 27, ControlBackslash = 28, Delete = 127;

    private SecretBuffer? bytes = SecretBuffer.Allocate(most);
    private Sequence sequence;
    private bool tooLong;

    private enum Sequence
    {
        None,
        Started,
        Parameters,
    }

    /// <summary>What is typed so far.</summary>
    public ReadOnlySpan<byte> Bytes => bytes!.Span;

    /// <summary>Takes one byte of the keyboard's.</summary>
    public TypedKey Press(byte key)
    {
        if (IsInSequence(key))
        {
            return TypedKey.Refused;
        }

        switch (key)
        {
            case LineFeed or Return:
                return tooLong ? TypedKey.Refused : TypedKey.Enter;
            case ControlC or ControlBackslash:
                return TypedKey.Interrupt;
            case ControlZ:
                return TypedKey.Stop;
            case ControlD:
                return bytes!.Length == 0 ? TypedKey.GiveUp : TypedKey.Refused;
            case Backspace or Delete:
                DropCharacter();
                return TypedKey.Edited;
            case ControlU or ControlW:
                bytes!.Clear();
                tooLong = false;
                return TypedKey.Edited;
            case Escape:
                sequence = Sequence.Started;
                return TypedKey.Refused;
            case < 32:
                return TypedKey.Refused;
            default:
                return Append(key);
        }
    }

    /// <summary>Gives the line away.</summary>
    public SecretBuffer Take()
    {
        SecretBuffer line = bytes!;
        bytes = null;
        return line;
    }

    public void Dispose() => bytes?.Dispose();

    // Arrows and function keys: ESC [ … letter, ESC O letter. None of it is meant for the line.
    private bool IsInSequence(byte key)
    {
        Sequence at = sequence;
        sequence = (at, key) switch
        {
            (Sequence.Started, (byte)'[' or (byte)'O') => Sequence.Parameters,
            (Sequence.Parameters, >= 0x20 and < 0x40) => Sequence.Parameters,
            _ => Sequence.None,
        };
        return sequence != Sequence.None || (at == Sequence.Parameters && key >= 0x40);
    }

    // A line that was too long stays so until it is cleared: a cut off passphrase must never be sent.
    private TypedKey Append(byte key)
    {
        tooLong = tooLong || !bytes!.TryAppend([key]);
        return tooLong ? TypedKey.Refused : TypedKey.Edited;
    }

    // UTF-8 (RFC 3629): a character is its first byte and the bytes 10xxxxxx after it.
    private void DropCharacter()
    {
        if (tooLong || bytes!.Length == 0)
        {
            return;
        }

        int length = bytes.Length - 1;
        while (length > 0 && (bytes.Span[length] & 0xC0) == 0x80)
        {
            length--;
        }

        bytes.Truncate(length);
    }
}
