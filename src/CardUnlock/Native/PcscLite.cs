// SPDX-License-Identifier: GPL-3.0-or-later
// libpcsclite.so.1 as winscard.h and pcsclite.h declare it. DWORD and LONG are C's unsigned long and long: 8 bytes on
// 64-bit Linux. SCARD_READERSTATE is 80 bytes there, SCARD_IO_REQUEST 16. The library is loaded at the first call, so
// that its absence is a DllNotFoundException that PcscContext turns into a message.

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CardUnlock.Native;

internal static partial class PcscLite
{
    public const string Library = "libpcsclite.so.1";

    public const uint SCARD_S_SUCCESS = 0;
    public const uint SCARD_E_CANCELLED = 0x80100002;
    public const uint SCARD_E_INVALID_HANDLE = 0x80100003;
    public const uint SCARD_E_UNKNOWN_READER = 0x80100009;
    public const uint SCARD_E_TIMEOUT = 0x8010000A;
    public const uint SCARD_E_SHARING_VIOLATION = 0x8010000B;
    public const uint SCARD_E_NO_SMARTCARD = 0x8010000C;
    public const uint SCARD_E_PROTO_MISMATCH = 0x8010000F;
    public const uint SCARD_F_COMM_ERROR = 0x80100013;
    public const uint SCARD_E_NOT_TRANSACTED = 0x80100016;
    public const uint SCARD_E_READER_UNAVAILABLE = 0x80100017;
    public const uint SCARD_E_NO_SERVICE = 0x8010001D;
    public const uint SCARD_E_SERVICE_STOPPED = 0x8010001E;
    public const uint SCARD_E_NO_READERS_AVAILABLE = 0x8010002E;
    public const uint SCARD_W_UNRESPONSIVE_CARD = 0x80100066;
    public const uint SCARD_W_UNPOWERED_CARD = 0x80100067;
    public const uint SCARD_W_RESET_CARD = 0x80100068;
    public const uint SCARD_W_REMOVED_CARD = 0x80100069;

    public const uint SCARD_SCOPE_SYSTEM = 2;
    public const uint SCARD_SHARE_SHARED = 2;
    public const uint SCARD_PROTOCOL_T0 = 1;
    public const uint SCARD_PROTOCOL_T1 = 2;
    public const uint SCARD_LEAVE_CARD = 0;
    public const uint SCARD_UNPOWER_CARD = 2;

    public const uint SCARD_STATE_UNAWARE = 0;
    public const uint SCARD_STATE_CHANGED = 0x0002;
    public const uint SCARD_STATE_EMPTY = 0x0010;
    public const uint SCARD_STATE_PRESENT = 0x0020;
    public const uint SCARD_STATE_EXCLUSIVE = 0x0080;
    public const uint SCARD_STATE_MUTE = 0x0200;

    public const uint INFINITE = 0xFFFFFFFF;
    public const int MAX_ATR_SIZE = 33;
    public const int PCSCLITE_MAX_READERS_CONTEXTS = 16;

    [LibraryImport(Library)]
    internal static unsafe partial nint SCardEstablishContext(nuint dwScope, nint pvReserved1, nint pvReserved2, nint* phContext);

    [LibraryImport(Library)]
    internal static partial nint SCardReleaseContext(nint hContext);

    [LibraryImport(Library)]
    internal static unsafe partial nint SCardListReaders(PcscContext hContext, nint mszGroups, byte* mszReaders, nuint* pcchReaders);

    [LibraryImport(Library)]
    internal static unsafe partial nint SCardGetStatusChange(
        PcscContext hContext, nuint dwTimeout, SCARD_READERSTATE* rgReaderStates, nuint cReaders);

    [LibraryImport(Library)]
    internal static partial nint SCardCancel(PcscContext hContext);

    [LibraryImport(Library)]
    internal static unsafe partial nint SCardConnect(
        PcscContext hContext, byte* szReader, nuint dwShareMode, nuint dwPreferredProtocols, nint* phCard, nuint* pdwActiveProtocol);

    [LibraryImport(Library)]
    internal static unsafe partial nint SCardStatus(
        PcscCard hCard, byte* szReaderName, nuint* pcchReaderLen, nuint* pdwState,
        nuint* pdwProtocol, byte* pbAtr, nuint* pcbAtrLen);

    [LibraryImport(Library)]
    internal static partial nint SCardDisconnect(nint hCard, nuint dwDisposition);

    [LibraryImport(Library)]
    internal static partial nint SCardBeginTransaction(PcscCard hCard);

    [LibraryImport(Library)]
    internal static partial nint SCardEndTransaction(PcscCard hCard, nuint dwDisposition);

    [LibraryImport(Library)]
    internal static unsafe partial nint SCardTransmit(
        PcscCard hCard, SCARD_IO_REQUEST* pioSendPci, byte* pbSendBuffer, nuint cbSendLength,
        SCARD_IO_REQUEST* pioRecvPci, byte* pbRecvBuffer, nuint* pcbRecvLength);
}

[StructLayout(LayoutKind.Sequential)]
internal struct SCARD_IO_REQUEST
{
    public nuint dwProtocol;
    public nuint cbPciLength;
}

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct SCARD_READERSTATE
{
    public byte* szReader;
    public void* pvUserData;
    public nuint dwCurrentState;
    public nuint dwEventState;
    public nuint cbAtr;
    public AtrBytes rgbAtr;
}

[InlineArray(PcscLite.MAX_ATR_SIZE)]
internal struct AtrBytes
{
    private byte first;
}
