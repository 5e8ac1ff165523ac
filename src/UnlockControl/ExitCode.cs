// SPDX-License-Identifier: GPL-3.0-or-later
// What unlockctl's exit status says; documented in its manual page.

namespace UnlockControl;

/// <summary>Exit statuses.</summary>
internal enum ExitCode
{
    /// <summary>Done, or there was nothing to do.</summary>
    Success = 0,

    /// <summary>Failed, and everything is as it was before.</summary>
    Failure = 1,

    /// <summary>The command line is wrong.</summary>
    Usage = 2,

    /// <summary>No card, no reader, or no card service.</summary>
    NoCard = 3,

    /// <summary>A PIN, passphrase or code was refused.</summary>
    Refused = 4,

    /// <summary>It would take away the last way in.</summary>
    LastWayIn = 5,

    /// <summary>Nobody answered, or the person gave up.</summary>
    GivenUp = 6,

    /// <summary>Failed, and something could not be undone: what, was said.</summary>
    NotUndone = 7,

    /// <summary>Interrupted by Ctrl-C; everything is as it was before.</summary>
    Interrupted = 130,
}
