// SPDX-License-Identifier: GPL-3.0-or-later
// Another program, started without a copy of this process (posix_spawn(3) shares its memory until the exec), so that no locked
// page is copied. It gets nothing of ours: no descriptor but its output and those that it is given, no environment, no signal blocked or
// ignored.
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace UnlockAgent.Native;

/// <summary>posix_spawn_file_actions_t, 80 bytes.</summary>
[InlineArray(10)]
internal struct posix_spawn_file_actions_t
{
    public nuint opaque;
}

/// <summary>posix_spawnattr_t, 336 bytes.</summary>
[InlineArray(42)]
internal struct posix_spawnattr_t
{
    public nuint opaque;
}

/// <summary>sigset_t, 128 bytes: one bit for each signal.</summary>
[InlineArray(16)]
internal struct sigset_t
{
    public nuint signals;
}

internal static partial class Libc
{
    public const int O_RDONLY = 0;
    public const int O_WRONLY = 1;
    public const int O_CLOEXEC = 0x80000;
    public const int SIGKILL = 9;
    public const short POSIX_SPAWN_SETSIGDEF = 0x04;
    public const short POSIX_SPAWN_SETSIGMASK = 0x08;

    private const int StandardInput = 0, StandardOutput = 1, StandardError = 2;

    /// <summary>A pipe whose ends no program inherits; invalid when the kernel gives none.</summary>
    public static unsafe (SafeFileHandle Read, SafeFileHandle Write) NewPipe()
    {
        int* ends = stackalloc int[] { -1, -1 };
        _ = PipeNative(ends, O_CLOEXEC);
        return (new(ends[0], ownsHandle: true), new(ends[1], ownsHandle: true));
    }

    /// <summary>Starts a program that reads nothing and whose errors go nowhere.</summary>
    /// <param name="program">Its path.</param>
    /// <param name="arguments">What follows its name.</param>
    /// <param name="output">Becomes its standard output.</param>
    /// <param name="process">Its number, until <see cref="TryWait"/>.</param>
    /// <param name="kept">Descriptors that it holds as well, as 3, 4 and so on: ascending, none of the first three.</param>
    /// <returns>0, or the errno.</returns>
    public static unsafe int Spawn(
        string program, ReadOnlySpan<string> arguments, SafeFileHandle output, out int process, ReadOnlySpan<int> kept = default)
    {
        byte[] words = Encoding.UTF8.GetBytes(string.Join('\0', [program, .. arguments]) + '\0');
        nint* argv = stackalloc nint[arguments.Length + 2];
        nint* environment = stackalloc nint[1];
        posix_spawn_file_actions_t actions;
        posix_spawnattr_t attributes;
        int errno = InitActionsNative(&actions);
        if (errno != 0)
        {
            process = 0;
            return errno;
        }

        errno = InitAttributesNative(&attributes);
        fixed (byte* first = words)
        fixed (byte* nothing = "/dev/null\0"u8)
        fixed (int* number = &process)
        {
            SplitWords(words, first, argv);
            errno = errno != 0 ? errno : ResetSignals(&attributes);
            errno = errno != 0 ? errno : SetDescriptors(&actions, (int)output.DangerousGetHandle(), nothing, kept);
            errno = errno != 0 ? errno : SpawnNative(number, first, &actions, &attributes, argv, environment);
            _ = DestroyActionsNative(&actions);
            _ = DestroyAttributesNative(&attributes);
            return errno;
        }
    }

    /// <summary>Readable once the process has ended; invalid where the kernel is older than 5.3.</summary>
    public static SafeFileHandle OpenProcess(int process) => new(OpenProcessNative(process, 0), ownsHandle: true);

    /// <summary>Ends a process that was spawned here and not waited for.</summary>
    public static void Kill(int process) => _ = KillNative(process, SIGKILL);

    /// <summary>Takes the end of a process; waits for it.</summary>
    /// <param name="process">Of <see cref="Spawn"/>.</param>
    /// <param name="status">As waitpid(2) writes it: 0 where the program ended with the status 0.</param>
    /// <returns>False where the kernel keeps no status: this process was started with SIGCHLD ignored.</returns>
    public static unsafe bool TryWait(int process, out int status)
    {
        fixed (int* to = &status)
        {
            *to = 0;
            return WaitNative(process, to, 0) == process;
        }
    }

    private static unsafe void SplitWords(ReadOnlySpan<byte> words, byte* first, nint* argv)
    {
        int count = 0;
        for (int at = 0; at < words.Length; at += words[at..].IndexOf((byte)0) + 1)
        {
            argv[count++] = (nint)(first + at);
        }

        argv[count] = 0;
    }

    /// <summary>One that is left out would leave the program with ours: its output would go to whoever waits for the key.</summary>
    private static unsafe int SetDescriptors(posix_spawn_file_actions_t* actions, int output, byte* nothing, ReadOnlySpan<int> kept)
    {
        int errno = AddOpenNative(actions, StandardInput, nothing, O_RDONLY, 0);
        errno = errno != 0 ? errno : AddDuplicateNative(actions, output, StandardOutput);
        errno = errno != 0 ? errno : AddOpenNative(actions, StandardError, nothing, O_WRONLY, 0);

        // Ascending, so that none takes the place of a later one. One that is in its place already is inherited from there.
        int next = StandardError + 1;
        foreach (int descriptor in kept)
        {
            errno = errno != 0 ? errno : AddDuplicateNative(actions, descriptor, next++);
        }

        return errno != 0 ? errno : AddCloseFromNative(actions, next);
    }

    /// <summary>What is blocked or ignored here (the runtime ignores SIGPIPE) shall not be there.</summary>
    private static unsafe int ResetSignals(posix_spawnattr_t* attributes)
    {
        sigset_t none = default, all = default;
        ((Span<nuint>)all).Fill(nuint.MaxValue);
        int errno = SetSignalMaskNative(attributes, &none);
        errno = errno != 0 ? errno : SetSignalDefaultsNative(attributes, &all);
        return errno != 0 ? errno : SetFlagsNative(attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }

    [LibraryImport(Library, EntryPoint = "pipe2", SetLastError = true)]
    private static unsafe partial int PipeNative(int* ends, int flags);

    [LibraryImport(Library, EntryPoint = "posix_spawn")]
    private static unsafe partial int SpawnNative(
        int* process,
        byte* path,
        posix_spawn_file_actions_t* actions,
        posix_spawnattr_t* attributes,
        nint* argv,
        nint* environment);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_init")]
    private static unsafe partial int InitActionsNative(posix_spawn_file_actions_t* actions);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_destroy")]
    private static unsafe partial int DestroyActionsNative(posix_spawn_file_actions_t* actions);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_addopen")]
    private static unsafe partial int AddOpenNative(
        posix_spawn_file_actions_t* actions, int descriptor, byte* path, int flags, uint mode);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_adddup2")]
    private static unsafe partial int AddDuplicateNative(posix_spawn_file_actions_t* actions, int from, int to);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_addclosefrom_np")]
    private static unsafe partial int AddCloseFromNative(posix_spawn_file_actions_t* actions, int first);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_init")]
    private static unsafe partial int InitAttributesNative(posix_spawnattr_t* attributes);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_destroy")]
    private static unsafe partial int DestroyAttributesNative(posix_spawnattr_t* attributes);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_setflags")]
    private static unsafe partial int SetFlagsNative(posix_spawnattr_t* attributes, short flags);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_setsigmask")]
    private static unsafe partial int SetSignalMaskNative(posix_spawnattr_t* attributes, sigset_t* signals);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_setsigdefault")]
    private static unsafe partial int SetSignalDefaultsNative(posix_spawnattr_t* attributes, sigset_t* signals);

    [LibraryImport(Library, EntryPoint = "pidfd_open", SetLastError = true)]
    private static partial int OpenProcessNative(int process, uint flags);

    [LibraryImport(Library, EntryPoint = "kill", SetLastError = true)]
    private static partial int KillNative(int process, int signal);

    [LibraryImport(Library, EntryPoint = "waitpid", SetLastError = true)]
    private static unsafe partial int WaitNative(int process, int* status, int options);
}
