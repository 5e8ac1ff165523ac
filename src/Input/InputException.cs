// SPDX-License-Identifier: GPL-3.0-or-later
// The one exception of this boundary: input devices cannot be watched at all. A single bad device is skipped instead.

using System.Diagnostics.CodeAnalysis;

namespace Input;

/// <summary>
/// Input devices cannot be watched. <see cref="Exception.Message"/> is a plain sentence fit for a log.
/// </summary>
[SuppressMessage("Design", "CA1032", Justification = "Made only where a call failed, which is always known.")]
public sealed class InputException : Exception
{
    internal InputException(string operation, string path, int errno)
        : base($"Input devices in {path} cannot be watched: {operation} failed (errno {errno}).")
    {
        Operation = operation;
        Path = path;
        Errno = errno;
    }

    /// <summary>The call that failed, as "inotify_init1".</summary>
    public string Operation { get; }

    /// <summary>The directory.</summary>
    public string Path { get; }

    /// <summary>The errno of the failed call.</summary>
    public int Errno { get; }
}
