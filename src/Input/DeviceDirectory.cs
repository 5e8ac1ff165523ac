// SPDX-License-Identifier: GPL-3.0-or-later
// Watches /dev/input for eventN nodes (inotify(7)). The directory itself comes with the first device and goes with the
// last one, so its parent is watched too.

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Input.Native;
using Microsoft.Win32.SafeHandles;

namespace Input;

internal enum DirectoryChangeKind
{
    /// <summary>A node was made, or its owner or mode changed: what could not be opened may open now.</summary>
    Appeared,

    /// <summary>A node was removed.</summary>
    Deleted,

    /// <summary>The directory appeared, or changes were lost: list it anew. The name is empty.</summary>
    Rescan,
}

/// <summary>One change of the directory, or of one eventN in it.</summary>
internal readonly record struct DirectoryChange(DirectoryChangeKind Kind, string Name);

internal sealed class DeviceDirectory : IDisposable
{
    private const uint NodeMask = Inotify.IN_CREATE | Inotify.IN_ATTRIB | Inotify.IN_DELETE | Inotify.IN_ONLYDIR;

    private readonly string path;
    private readonly string nameInParent;
    private readonly int parentWatch;
    private int watch;

    private DeviceDirectory(SafeFileHandle handle, string path, int parentWatch)
    {
        Handle = handle;
        this.path = path;
        this.parentWatch = parentWatch;
        nameInParent = Path.GetFileName(path);
        AddWatch();
    }

    /// <summary>Readable when something changed.</summary>
    internal SafeFileHandle Handle { get; }

    /// <summary>Starts to watch.</summary>
    /// <exception cref="InputException">Neither the directory nor its parent can be watched.</exception>
    internal static DeviceDirectory Watch(string directory)
    {
        string path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        SafeFileHandle handle = Libc.InotifyInit(Inotify.IN_NONBLOCK | Inotify.IN_CLOEXEC);
        if (handle.IsInvalid)
        {
            int errno = Libc.Errno;
            handle.Dispose();
            throw new InputException("inotify_init1", path, errno);
        }

        string parent = Path.GetDirectoryName(path) ?? "/";
        int parentWatch = Libc.InotifyAddWatch(handle, parent, Inotify.IN_CREATE | Inotify.IN_ONLYDIR);
        if (parentWatch < 0)
        {
            int errno = Libc.Errno;
            handle.Dispose();
            throw new InputException("inotify_add_watch", path, errno);
        }

        return new DeviceDirectory(handle, path, parentWatch);
    }

    internal string PathOf(string name) => Path.Join(path, name);

    /// <summary>The eventN entries that are there now.</summary>
    internal IReadOnlyList<string> List()
    {
        try
        {
            return [.. new DirectoryInfo(path).EnumerateFileSystemInfos().Select(entry => entry.Name).Where(IsEventName)];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    /// <summary>Reads what changed, one buffer of it, without blocking.</summary>
    internal void Read(Action<DirectoryChange> apply)
    {
        Span<byte> buffer = stackalloc byte[4096];
        int length = Libc.Read(Handle, buffer);
        ReadOnlySpan<byte> rest = buffer[..Math.Max(length, 0)];
        while (MemoryMarshal.TryRead(rest, out inotify_event e))
        {
            int header = Unsafe.SizeOf<inotify_event>();
            ReadOnlySpan<byte> name = rest.Slice(header, (int)e.len);
            rest = rest[(header + (int)e.len)..];
            if (ChangeOf(e, Encoding.UTF8.GetString(name.TrimEnd((byte)0))) is { } change)
            {
                apply(change);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Handle.Dispose();

    internal static bool IsEventName(string name) =>
        name.StartsWith("event", StringComparison.Ordinal) && name.Length > 5
        && name.AsSpan(5).IndexOfAnyExceptInRange('0', '9') < 0;

    private DirectoryChange? ChangeOf(in inotify_event e, string name)
    {
        if ((e.mask & Inotify.IN_Q_OVERFLOW) != 0 || (e.wd == parentWatch && name == nameInParent))
        {
            AddWatch();
            return new DirectoryChange(DirectoryChangeKind.Rescan, "");
        }

        if (e.wd != watch || !IsEventName(name))
        {
            return null;
        }

        bool deleted = (e.mask & Inotify.IN_DELETE) != 0;
        return new DirectoryChange(deleted ? DirectoryChangeKind.Deleted : DirectoryChangeKind.Appeared, name);
    }

    // -1 while there is no directory; the kernel drops a removed directory's watch by itself.
    private void AddWatch() => watch = Libc.InotifyAddWatch(Handle, path, NodeMask);
}
