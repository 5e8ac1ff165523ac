// SPDX-License-Identifier: GPL-3.0-or-later
// The one exception of the PC/SC boundary, and what its codes (pcsclite.h) mean for a person.

using System.Diagnostics.CodeAnalysis;
using CardUnlock.Native;

namespace CardUnlock;

/// <summary>A PC/SC call failed. Carries the operation, the reader and PC/SC's code; never a command's bytes.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Made only where a call failed: operation and code are always known.")]
public sealed class PcscException : Exception
{
    /// <summary>
    /// Failure of <paramref name="operation"/> on <paramref name="reader"/> (empty: the service) with a pcsclite code.
    /// </summary>
    public PcscException(string operation, string reader, uint code)
        : base($"{Explain(code)} ({operation}: 0x{code:X8})")
    {
        Operation = operation;
        Reader = reader;
        Code = code;
    }

    /// <summary>The PC/SC function.</summary>
    public string Operation { get; }

    /// <summary>The reader's name, or empty.</summary>
    public string Reader { get; }

    /// <summary>The SCARD_E_ or SCARD_W_ code.</summary>
    public uint Code { get; }

    /// <summary>What a person at a booted system can do about it, in sentences; empty: nothing is known.</summary>
    public string Advice => Code switch
    {
        PcscLite.SCARD_E_NO_SERVICE =>
            "Install the package pcscd where it is missing, and start it: `systemctl start pcscd.socket`.",
        PcscLite.SCARD_E_SERVICE_STOPPED => "Start it anew: `systemctl restart pcscd.service`.",
        PcscLite.SCARD_E_SHARING_VIOLATION =>
            "Most likely it is gpg's scdaemon: run `gpgconf --kill scdaemon` as the user that uses gpg, and try again.",
        PcscLite.SCARD_W_UNRESPONSIVE_CARD or PcscLite.SCARD_E_PROTO_MISMATCH =>
            "Take the card out and put it in again, contacts first.",
        _ => "",
    };

    /// <summary>The card was pulled, reset or switched off, or its reader left: what it knew is gone.</summary>
    internal bool IsCardGone => Code is PcscLite.SCARD_W_REMOVED_CARD or PcscLite.SCARD_W_RESET_CARD
        or PcscLite.SCARD_W_UNPOWERED_CARD or PcscLite.SCARD_E_NO_SMARTCARD or PcscLite.SCARD_E_READER_UNAVAILABLE
        or PcscLite.SCARD_E_UNKNOWN_READER or PcscLite.SCARD_E_INVALID_HANDLE;

    /// <summary>The transport failed in a way that a card pulled during a command also causes.</summary>
    internal bool MayBeRemoval => Code is PcscLite.SCARD_E_NOT_TRANSACTED or PcscLite.SCARD_F_COMM_ERROR
        or PcscLite.SCARD_W_UNRESPONSIVE_CARD;

    /// <summary>The daemon cannot be reached, or speaks another protocol than the library.</summary>
    internal bool IsServiceGone => Code is PcscLite.SCARD_E_NO_SERVICE or PcscLite.SCARD_E_SERVICE_STOPPED;

    private static string Explain(uint code) => code switch
    {
        PcscLite.SCARD_E_NO_SERVICE => "The card service does not run",
        PcscLite.SCARD_E_SERVICE_STOPPED => "The card service stopped, or is of another version than its library",
        PcscLite.SCARD_E_SHARING_VIOLATION => "Another program holds the card",
        PcscLite.SCARD_W_REMOVED_CARD or PcscLite.SCARD_E_NO_SMARTCARD => "The card was removed",
        PcscLite.SCARD_W_RESET_CARD => "The card was reset",
        PcscLite.SCARD_W_UNRESPONSIVE_CARD => "The card does not answer",
        PcscLite.SCARD_E_READER_UNAVAILABLE or PcscLite.SCARD_E_UNKNOWN_READER => "The reader was removed",
        PcscLite.SCARD_E_PROTO_MISMATCH => "The reader and the card share no protocol",
        _ => "The reader reports an error",
    };
}
