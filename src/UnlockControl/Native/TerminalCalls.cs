// SPDX-License-Identifier: GPL-3.0-or-later
// termios(3), poll(2), pipe(2), kill(2) and a terminal's width: what asking at a terminal takes. glibc on x86-64 and arm64.
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace UnlockControl.Native;

/// <summary>struct termios, 60 bytes.</summary>
internal struct @termios
{
    public uint c_iflag;
    public uint c_oflag;
    public uint c_cflag;
    public uint c_lflag;
    public byte c_line;
    public ControlCharacters c_cc;
    public uint c_ispeed;
    public uint c_ospeed;
}

/// <summary>cc_t[NCCS].</summary>
[InlineArray(TerminalCalls.NCCS)]
internal struct ControlCharacters
{
    public byte first;
}

/// <summary>struct winsize, 8 bytes: characters, then pixels.</summary>
internal struct @winsize
{
    public ushort ws_row;
    public ushort ws_col;
    public ushort ws_xpixel;
    public ushort ws_ypixel;
}

/// <summary>struct pollfd, 8 bytes.</summary>
internal struct @pollfd
{
    public int fd;
    public short events;
    public short revents;
}

internal static unsafe partial class TerminalCalls
{
    public const int NCCS = 32;
    public const uint ECHO = 8;
    public const uint ECHONL = 0x40;
    public const uint ICANON = 2;
    public const uint ISIG = 1;
    public const uint IEXTEN = 0x8000;
    public const uint ICRNL = 0x100;
    public const int VTIME = 5;
    public const int VMIN = 6;
    public const int TCSANOW = 0;
    public const int TCSAFLUSH = 2;
    public const short POLLIN = 1;
    public const int EINTR = 4;
    public const int O_CLOEXEC = 0x80000;
    public const int SIGTSTP = 20;
    public const nuint TIOCGWINSZ = 0x5413;

    private const string Library = "libc";

    /// <returns>False: no terminal, or it is gone.</returns>
    public static bool TryGet(SafeFileHandle terminal, out termios settings)
    {
        fixed (termios* to = &settings)
        {
            *to = default;
            return GetNative(terminal, to) == 0;
        }
    }

    /// <param name="terminal">The terminal.</param>
    /// <param name="settings">All of them.</param>
    /// <param name="forget">What was typed and not yet read is dropped.</param>
    public static bool TrySet(SafeFileHandle terminal, in termios settings, bool forget)
    {
        fixed (termios* from = &settings)
        {
            int result;
            do
            {
                result = SetNative(terminal, forget ? TCSAFLUSH : TCSANOW, from);
            }
            while (result != 0 && Marshal.GetLastPInvokeError() == EINTR);
            return result == 0;
        }
    }

    /// <summary>Waits until one of two can be read.</summary>
    /// <returns>Which: both may be true.</returns>
    public static (bool First, bool Second) Wait(SafeFileHandle first, SafeFileHandle second)
    {
        pollfd* both = stackalloc pollfd[2];
        both[0] = new pollfd { fd = (int)first.DangerousGetHandle(), events = POLLIN };
        both[1] = new pollfd { fd = (int)second.DangerousGetHandle(), events = POLLIN };
        while (PollNative(both, 2, -1) < 0 && Marshal.GetLastPInvokeError() == EINTR)
        {
        }

        return (both[0].revents != 0, both[1].revents != 0);
    }

    /// <summary>Reads what is there, at least a byte, at most the span.</summary>
    /// <returns>0: the end; -1: it failed.</returns>
    public static int Read(SafeFileHandle file, Span<byte> to)
    {
        fixed (byte* first = to)
        {
            nint count;
            do
            {
                count = ReadNative(file, first, (nuint)to.Length);
            }
            while (count < 0 && Marshal.GetLastPInvokeError() == EINTR);
            return (int)count;
        }
    }

    /// <summary>A pipe whose ends no program inherits; invalid when the kernel gives none.</summary>
    public static (SafeFileHandle Read, SafeFileHandle Write) NewPipe()
    {
        int* ends = stackalloc int[] { -1, -1 };
        _ = PipeNative(ends, O_CLOEXEC);
        return (new(ends[0], ownsHandle: true), new(ends[1], ownsHandle: true));
    }

    /// <summary>Stops this process and the others of its job, as Ctrl-Z does, until it is continued.</summary>
    public static void StopJob() => _ = KillNative(0, SIGTSTP);

    /// <returns>Characters in a line; 0: no terminal, or it does not say.</returns>
    public static int Columns(SafeFileHandle terminal)
    {
        winsize size = default;
        return IoctlNative(terminal, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
    }

    [LibraryImport(Library, EntryPoint = "tcgetattr", SetLastError = true)]
    private static partial int GetNative(SafeFileHandle terminal, termios* settings);

    [LibraryImport(Library, EntryPoint = "tcsetattr", SetLastError = true)]
    private static partial int SetNative(SafeFileHandle terminal, int when, termios* settings);

    [LibraryImport(Library, EntryPoint = "poll", SetLastError = true)]
    private static partial int PollNative(pollfd* files, nuint count, int timeout);

    [LibraryImport(Library, EntryPoint = "read", SetLastError = true)]
    private static partial nint ReadNative(SafeFileHandle file, byte* to, nuint count);

    [LibraryImport(Library, EntryPoint = "pipe2", SetLastError = true)]
    private static partial int PipeNative(int* ends, int flags);

    [LibraryImport(Library, EntryPoint = "kill", SetLastError = true)]
    private static partial int KillNative(int process, int signal);

    [LibraryImport(Library, EntryPoint = "ioctl", SetLastError = true)]
    private static partial int IoctlNative(SafeFileHandle terminal, nuint request, winsize* size);
}
