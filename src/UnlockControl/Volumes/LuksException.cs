// SPDX-License-Identifier: GPL-3.0-or-later
// What can be wrong with a header, named, and in a sentence that says what to do.
namespace UnlockControl.Volumes;

/// <summary>Why a header was refused or could not be written.</summary>
internal enum LuksFault
{
    /// <summary>None of the others; the library's own words are in the message.</summary>
    Other,

    /// <summary>libcryptsetup is not installed.</summary>
    NoLibrary,

    /// <summary>No such device, file, keyslot or token.</summary>
    NotFound,

    /// <summary>Not allowed to read or write it.</summary>
    NoAccess,

    /// <summary>No LUKS header there.</summary>
    NotLuks,

    /// <summary>LUKS1, which has no tokens.</summary>
    Luks1,

    /// <summary>The header has no room for the token or the keyslot's entry.</summary>
    HeaderFull,

    /// <summary>No keyslot, or no room for a keyslot's key, is left.</summary>
    NoFreeKeyslot,

    /// <summary>The device can only be read.</summary>
    ReadOnly,

    /// <summary>The volume is being encrypted anew, or needs what this libcryptsetup does not know.</summary>
    Reencryption,

    /// <summary>Another program holds the header or the device.</summary>
    Busy,

    /// <summary>A file of that name is there already.</summary>
    Exists,
}

/// <summary>The header was refused or could not be written; the message is for the person.</summary>
internal sealed class LuksException(LuksFault fault, int errno, string message) : Exception(message)
{
    public LuksFault Fault { get; } = fault;

    /// <summary>A positive errno, as libcryptsetup gave it; 0: it was never asked.</summary>
    public int Errno { get; } = errno;
}
