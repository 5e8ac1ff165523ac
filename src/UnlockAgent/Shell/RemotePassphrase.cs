// SPDX-License-Identifier: GPL-3.0-or-later
// A passphrase from elsewhere, on stdin: the keyscript has cryptsetup's askpass there, into which cryptroot-unlock writes what somebody types
// over ssh. Its end is the end of the pipe; whatever bytes come before that are the passphrase.
using System.Security.Cryptography;
using CardUnlock;
using Microsoft.Win32.SafeHandles;

namespace UnlockAgent.Shell;

/// <summary>A pipe that may bring one passphrase.</summary>
/// <param name="pipe">The end to read; owned from here on.</param>
internal sealed class RemotePassphrase(SafeFileHandle pipe) : IDisposable
{
    /// <summary>The most bytes of a passphrase from elsewhere, which may be a key file's: what one write(2) hands over in any case.</summary>
    public const int MaxLength = 8 << 10;

    private readonly FileStream stream = new(pipe, FileAccess.Read, bufferSize: 0);
    private SecretBuffer? received;
    private bool hasEnded;

    /// <summary>Readable when <see cref="TryRead"/> has something to do; null when nothing comes any more.</summary>
    public SafeFileHandle? PollHandle => hasEnded ? null : pipe;

    /// <summary>Reads once what is there.</summary>
    /// <returns>The passphrase, which the caller owns, when it is complete; null before, and for an empty one.</returns>
    public SecretBuffer? TryRead()
    {
        Span<byte> part = stackalloc byte[512];
        int count = Read(part);
        received ??= SecretBuffer.Allocate(MaxLength);
        bool fits = received.TryAppend(part[..count]);
        CryptographicOperations.ZeroMemory(part);
        if (fits && count > 0)
        {
            return null;
        }

        hasEnded = true;
        if (fits && received.Length > 0)
        {
            return received.Move();
        }

        received.Clear();
        if (!fits)
        {
            Log.Write($"a passphrase from elsewhere is longer than {MaxLength} bytes and is not taken");
        }

        return null;
    }

    public void Dispose()
    {
        received?.Dispose();
        stream.Dispose();
    }

    private int Read(Span<byte> part)
    {
        try
        {
            return stream.Read(part);
        }
        catch (IOException e)
        {
            Log.Write("nothing can be read from elsewhere: " + e.Message);
            return 0;
        }
    }
}
