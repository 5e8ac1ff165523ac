// SPDX-License-Identifier: GPL-3.0-or-later
// SCARDCONTEXT and SCARDHANDLE as owners. A context serves one thread; only Cancel may come from another.

using System.Runtime.InteropServices;
using System.Text;

namespace CardUnlock.Native;

/// <summary>A connection to the card service; released when disposed.</summary>
internal sealed class PcscContext : SafeHandle
{
    private PcscContext(nint context) : base(0, ownsHandle: true) => SetHandle(context);

    public override bool IsInvalid => handle == 0;

    /// <summary>Whether the client library can be loaded at all; says nothing of the daemon.</summary>
    public static bool LibraryIsThere => NativeLibrary.TryLoad(PcscLite.Library, out _);

    /// <exception cref="PcscException">No library, no daemon, or the two do not understand each other.</exception>
    public static unsafe PcscContext Establish()
    {
        nint context = 0;
        try
        {
            Check(PcscLite.SCardEstablishContext(PcscLite.SCARD_SCOPE_SYSTEM, 0, 0, &context), "SCardEstablishContext", "");
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            throw new PcscException(PcscLite.Library, "", PcscLite.SCARD_E_NO_SERVICE);
        }

        return new PcscContext(context);
    }

    /// <summary>The readers' names as the daemon spells them, a character for each byte: a long name may be cut inside a letter.</summary>
    public unsafe List<string> Readers()
    {
        Span<byte> names = stackalloc byte[PcscLite.PCSCLITE_MAX_READERS_CONTEXTS * 129];
        nuint length = (nuint)names.Length;
        uint code;
        fixed (byte* p = names)
        {
            code = Code(PcscLite.SCardListReaders(this, 0, p, &length));
        }

        List<string> readers = [];
        if (code == PcscLite.SCARD_E_NO_READERS_AVAILABLE)
        {
            return readers;
        }

        Check(code, "SCardListReaders", "");
        foreach (Range part in MemoryExtensions.Split(names[..(int)length], (byte)0))
        {
            if (!names[part].IsEmpty)
            {
                readers.Add(Encoding.Latin1.GetString(names[part]));
            }
        }

        return readers;
    }

    /// <summary>
    /// SCardGetStatusChange: fills the event states; milliseconds, or INFINITE. Returns the code, which may be TIMEOUT
    /// or CANCELLED.
    /// </summary>
    public unsafe uint WaitChange(uint milliseconds, ReadOnlySpan<string> readers, ReadOnlySpan<uint> current, Span<uint> now)
    {
        int textLength = 0;
        foreach (string reader in readers)
        {
            textLength += Encoding.Latin1.GetByteCount(reader) + 1;
        }

        var text = new byte[textLength];
        var states = new SCARD_READERSTATE[readers.Length];
        fixed (byte* names = text)
        fixed (SCARD_READERSTATE* p = states)
        {
            int at = 0;
            for (int i = 0; i < readers.Length; i++)
            {
                states[i].szReader = names + at;
                states[i].dwCurrentState = current[i];
                at += Encoding.Latin1.GetBytes(readers[i], text.AsSpan(at)) + 1;
            }

            uint code = Code(PcscLite.SCardGetStatusChange(this, milliseconds, p, (nuint)readers.Length));
            for (int i = 0; i < readers.Length; i++)
            {
                now[i] = (uint)states[i].dwEventState;
            }

            return code;
        }
    }

    /// <summary>Ends a WaitChange in progress; one that has not begun yet is not ended.</summary>
    public void Cancel() => _ = PcscLite.SCardCancel(this);

    /// <exception cref="PcscException">In use, absent, mute, or gone.</exception>
    public unsafe PcscCard Connect(string reader)
    {
        byte[] name = Encoding.Latin1.GetBytes(reader + '\0');
        nint card = 0;
        nuint protocol = 0;
        fixed (byte* p = name)
        {
            Check(
                PcscLite.SCardConnect(
                    this, p, PcscLite.SCARD_SHARE_SHARED, PcscLite.SCARD_PROTOCOL_T0 | PcscLite.SCARD_PROTOCOL_T1, &card, &protocol),
                "SCardConnect",
                reader);
        }

        return new PcscCard(card, reader, (uint)protocol);
    }

    internal static uint Code(nint result) => unchecked((uint)result);

    internal static void Check(nint result, string operation, string reader) => Check(Code(result), operation, reader);

    internal static void Check(uint code, string operation, string reader)
    {
        if (code != PcscLite.SCARD_S_SUCCESS)
        {
            throw new PcscException(operation, reader, code);
        }
    }

    protected override bool ReleaseHandle() => PcscLite.SCardReleaseContext(handle) == 0;
}

/// <summary>A connected card. Disposing leaves it powered and verified as it is.</summary>
internal sealed class PcscCard : SafeHandle, ICardTransport
{
    private readonly string reader;
    private readonly uint protocol;
    private uint disposition = PcscLite.SCARD_LEAVE_CARD;

    internal PcscCard(nint card, string reader, uint protocol) : base(0, ownsHandle: true)
    {
        SetHandle(card);
        this.reader = reader;
        this.protocol = protocol;
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>T=0: no extended length, and no Le behind a command's data.</summary>
    public bool IsCharacterProtocol => protocol == PcscLite.SCARD_PROTOCOL_T0;

    /// <summary>The answer to reset, at most 33 bytes; empty when it cannot be had.</summary>
    public unsafe byte[] AnswerToReset()
    {
        var atr = new byte[PcscLite.MAX_ATR_SIZE];
        nuint length = (nuint)atr.Length;
        nuint none = 0;
        fixed (byte* p = atr)
        {
            uint code = PcscContext.Code(PcscLite.SCardStatus(this, null, &none, null, null, p, &length));
            return code == PcscLite.SCARD_S_SUCCESS ? atr[..(int)length] : [];
        }
    }

    /// <summary>Keeps other programs off the card until EndTransaction.</summary>
    public void BeginTransaction() =>
        PcscContext.Check(PcscLite.SCardBeginTransaction(this), "SCardBeginTransaction", reader);

    /// <summary>
    /// Lets others at the card again. A failure means that the card is gone, which the next command will say.
    /// </summary>
    public void EndTransaction() => _ = PcscLite.SCardEndTransaction(this, PcscLite.SCARD_LEAVE_CARD);

    /// <summary>Disconnects and switches the card off: it forgets the PIN.</summary>
    public void PowerDown()
    {
        disposition = PcscLite.SCARD_UNPOWER_CARD;
        Dispose();
    }

    public unsafe int Transmit(ReadOnlySpan<byte> command, Span<byte> response)
    {
        var request = new SCARD_IO_REQUEST { dwProtocol = protocol, cbPciLength = (nuint)sizeof(SCARD_IO_REQUEST) };
        nuint length = (nuint)response.Length;
        fixed (byte* send = command)
        fixed (byte* receive = response)
        {
            PcscContext.Check(
                PcscLite.SCardTransmit(this, &request, send, (nuint)command.Length, null, receive, &length),
                "SCardTransmit",
                reader);
        }

        // Some drivers give success and no status word for a card that left during the command.
        return length >= 2 ? (int)length : throw new PcscException("SCardTransmit", reader, PcscLite.SCARD_E_NOT_TRANSACTED);
    }

    protected override bool ReleaseHandle() => PcscLite.SCardDisconnect(handle, disposition) == 0;
}
